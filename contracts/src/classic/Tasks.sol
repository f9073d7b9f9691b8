// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Contribution, ContributionStatus, Task, TaskStatus} from "../interfaces/Views.sol";

struct TaskRecord {
    // slot 0: read by every step; times in seconds
    TaskStatus status;
    uint40 timeref;
    uint40 contributionDeadline;
    uint40 revealDeadline;
    uint40 finalDeadline;
    uint32 revealCounter;
    uint32 winnerCounter;
    // slot 1 on
    bytes32 dealid;
    uint256 idx;
    bytes32 consensusValue;
    bytes32 resultDigest;
    address[] contributors;
    bytes results;
    bytes resultsCallback;
}

struct ContributionRecord {
    // slot 0
    ContributionStatus status;
    /// floor(log2) of the worker's weight: its share of the reward
    uint8 weight;
    address enclaveChallenge;
    // slot 1, 2
    bytes32 resultHash;
    bytes32 resultSeal;
}

/// Identity, clocks and views of tasks. All clocks but the reveal's run from the deal's start.
library Tasks {
    uint256 internal constant CONTRIBUTION_DEADLINE_RATIO = 7;
    uint256 internal constant REVEAL_DEADLINE_RATIO = 2;
    uint256 internal constant FINAL_DEADLINE_RATIO = 10;

    function id(bytes32 dealid, uint256 idx) internal pure returns (bytes32) {
        return keccak256(abi.encode(dealid, idx));
    }

    /// Commitment shared by all workers with the same digest.
    function resultHash(bytes32 taskid, bytes32 digest) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(taskid, digest));
    }

    /// Commitment bound to one worker.
    function resultSeal(address worker, bytes32 taskid, bytes32 digest) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(worker, taskid, digest));
    }

    /// Starts the clocks of a new task. Reverts when the category's time does not fit 40 bits.
    function start(TaskRecord storage task, bytes32 dealid, uint256 idx, uint256 startTime, uint256 timeref) internal {
        task.status = TaskStatus.ACTIVE;
        task.timeref = SafeCast.toUint40(timeref);
        task.contributionDeadline = SafeCast.toUint40(startTime + timeref * CONTRIBUTION_DEADLINE_RATIO);
        task.finalDeadline = SafeCast.toUint40(startTime + timeref * FINAL_DEADLINE_RATIO);
        task.dealid = dealid;
        task.idx = idx;
    }

    /// End of the reveal phase of a consensus reached now.
    function revealDeadlineFromNow(TaskRecord storage task) internal view returns (uint40) {
        return SafeCast.toUint40(block.timestamp + uint256(task.timeref) * REVEAL_DEADLINE_RATIO);
    }

    function view_(TaskRecord storage task) internal view returns (Task memory out) {
        out.status = task.status;
        out.dealid = task.dealid;
        out.idx = task.idx;
        out.timeref = task.timeref;
        out.contributionDeadline = task.contributionDeadline;
        out.revealDeadline = task.revealDeadline;
        out.finalDeadline = task.finalDeadline;
        out.consensusValue = task.consensusValue;
        out.revealCounter = task.revealCounter;
        out.winnerCounter = task.winnerCounter;
        out.contributors = task.contributors;
        out.resultDigest = task.resultDigest;
        out.results = task.results;
        out.resultsCallback = task.resultsCallback;
    }

    function view_(ContributionRecord storage record) internal view returns (Contribution memory) {
        return Contribution({
            status: record.status,
            resultHash: record.resultHash,
            resultSeal: record.resultSeal,
            enclaveChallenge: record.enclaveChallenge,
            weight: record.weight
        });
    }
}
