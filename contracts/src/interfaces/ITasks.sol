// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// The life of a task: UNSET, ACTIVE, REVEALING, COMPLETED or FAILED. Failing rules revert without a reason.
/// A settlement could also fail as the escrow does (`IexecEscrow: Transfer amount exceeds balance`,
/// `IexecEscrow: Transfer to empty address`, Panic 0x11), which the law that the hub holds what is locked rules out.
interface ITasks {
    // The events of a settlement come after those of its payments.

    /// A task of the pool begins.
    event TaskInitialize(bytes32 indexed taskid, address indexed workerpool);
    /// A worker voted for a result hash.
    event TaskContribute(bytes32 indexed taskid, address indexed worker, bytes32 hash);
    /// The hash is accepted; its workers have 2 T to reveal.
    event TaskConsensus(bytes32 indexed taskid, bytes32 consensus);
    /// A worker proved that it knows the digest.
    event TaskReveal(bytes32 indexed taskid, address indexed worker, bytes32 digest);
    /// Nobody revealed; the accepted hash and its workers are rejected.
    event TaskReopen(bytes32 indexed taskid);
    /// The task is completed and paid.
    event TaskFinalize(bytes32 indexed taskid, bytes results);
    /// The task failed; the sponsor has its money back.
    event TaskClaimed(bytes32 indexed taskid);
    /// A worker agreed with others; its score rose by one.
    event AccurateContribution(address indexed worker, bytes32 indexed taskid);
    /// A worker did not prove the result; it lost its stake and a third of its score.
    event FaultyContribution(address indexed worker, bytes32 indexed taskid);

    /// Starts a task of a deal. Anybody, any time; `index` counts from the request order's first task.
    /// `SafeCastOverflowedUintDowncast` when the last deadline does not fit 40 bits.
    function initialize(bytes32 dealId, uint256 index) external returns (bytes32 taskId);

    /// {initialize} for each. All or nothing; the lists must have one length.
    function initializeArray(bytes32[] calldata dealIds, uint256[] calldata indexes) external returns (bool);

    /// A worker commits to a result and locks its stake. Before the contribution deadline (start + 7 T), once per worker
    /// and 255 times per task (Panic 0x32). `IexecEscrow: Transfer amount exceeds balance` when the free balance is below the
    /// stake, `invalid-signature-format` for a signature by key of another length than 64 or 65;
    /// `SafeCastOverflowedUintDowncast` when the reveal deadline does not fit 40 bits. Costs about 2 300 gas more for each contribution that is there already.
    /// @param resultHash keccak256(task, digest)
    /// @param resultSeal keccak256(worker, task, digest)
    /// @param enclaveChallenge key of the enclave; zero without one, which a TEE deal refuses
    /// @param enclaveSign of the enclave over (resultHash, resultSeal)
    /// @param authorizationSign of scheduler or TEE broker over (worker, task, enclaveChallenge)
    function contribute(
        bytes32 taskId,
        bytes32 resultHash,
        bytes32 resultSeal,
        address enclaveChallenge,
        bytes calldata enclaveSign,
        bytes calldata authorizationSign
    ) external;

    /// A worker of the consensus opens its commitment, within 2 T of the consensus.
    function reveal(bytes32 taskId, bytes32 resultDigest) external;

    /// Scheduler only: when nobody revealed in time, rejects the value and its voters, whose stakes stay locked.
    function reopen(bytes32 taskId) external;

    /// Scheduler only, before the final deadline (start + 10 T), when all winners revealed or the reveal time is over and
    /// one did. Pays everybody, then calls the deal's callback with bounded gas: Panic 0x01 when the caller gave too little
    /// for it. `ReentrancyGuardReentrantCall` out of a callback.
    /// @param results where the result is; not checked
    /// @param resultsCallback what the callback gets; hashes to the digest
    function finalize(bytes32 taskId, bytes calldata results, bytes calldata resultsCallback) external;

    /// The whole cycle in one step for a deal of trust 1 that nobody contributed to; needs no stake and moves no score.
    /// Reverts as {contribute} and {finalize} do.
    function contributeAndFinalize(
        bytes32 taskId,
        bytes32 resultDigest,
        bytes calldata results,
        bytes calldata resultsCallback,
        address enclaveChallenge,
        bytes calldata enclaveSign,
        bytes calldata authorizationSign
    ) external;

    /// Anybody, from the final deadline on: refunds the sponsor, fails the task, seizes the pool's stake.
    function claim(bytes32 taskId) external;

    /// {claim} for each. All or nothing.
    function claimArray(bytes32[] calldata taskIds) external returns (bool);

    /// {initialize} and {claim} for each. All or nothing; the lists must have one length.
    function initializeAndClaimArray(bytes32[] calldata dealIds, uint256[] calldata indexes) external returns (bool);
}
