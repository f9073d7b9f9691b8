// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRegistry} from "./IRegistry.sol";

/// An asset: an immutable description owned by whoever holds its ERC-721 token.
interface IRegistryEntry {
    /// Collection that the asset belongs to, for good.
    function registry() external view returns (IRegistry);

    /// Holder of the token; may sign orders for the asset.
    function owner() external view returns (address);

    /// Owner only (`caller is not the owner`); always reverts `Operation not supported on this chain`.
    function setName(address ens, string calldata name) external;
}

/// A program. Nothing on chain checks its description.
interface IApp is IRegistryEntry {
    /// Once, by the registry in the creating transaction (`already initialized` afterwards).
    function initialize(
        string calldata _appName,
        string calldata _appType,
        bytes calldata _appMultiaddr,
        bytes32 _appChecksum,
        bytes calldata _appMREnclave
    ) external;

    /// Name for people; need not be the only one.
    function m_appName() external view returns (string memory);

    /// How it is packaged, `DOCKER` by convention.
    function m_appType() external view returns (string memory);

    /// Where it is.
    function m_appMultiaddr() external view returns (bytes memory);

    /// Digest of what is there.
    function m_appChecksum() external view returns (bytes32);

    /// Enclave description as JSON text; empty without one.
    function m_appMREnclave() external view returns (bytes memory);
}

/// A data set. Nothing on chain checks its description.
interface IDataset is IRegistryEntry {
    /// Once, by the registry in the creating transaction (`already initialized` afterwards).
    function initialize(string calldata _datasetName, bytes calldata _datasetMultiaddr, bytes32 _datasetChecksum)
        external;

    /// Name for people; need not be the only one.
    function m_datasetName() external view returns (string memory);

    /// Where it is, sealed.
    function m_datasetMultiaddr() external view returns (bytes memory);

    /// Digest of what is there.
    function m_datasetChecksum() external view returns (bytes32);
}

/// A pool of workers; its owner is their scheduler.
interface IWorkerpool is IRegistryEntry {
    /// The pool's terms for workers changed, in percent.
    event PolicyUpdate(
        uint256 oldWorkerStakeRatioPolicy,
        uint256 newWorkerStakeRatioPolicy,
        uint256 oldSchedulerRewardRatioPolicy,
        uint256 newSchedulerRewardRatioPolicy
    );

    /// Once, by the registry in the creating transaction (`already initialized` afterwards).
    function initialize(string calldata _workerpoolDescription) external;

    /// Owner only (`caller is not the owner`). Read at match, so it holds for deals from now on.
    /// @param _newWorkerStakeRatioPolicy stake of a worker in percent of the pool's price; below 2^240
    ///   (`SafeCastOverflowedUintDowncast`)
    /// @param _newSchedulerRewardRatioPolicy the scheduler's part of the reward in percent, at most 100 (empty revert)
    function changePolicy(uint256 _newWorkerStakeRatioPolicy, uint256 _newSchedulerRewardRatioPolicy) external;

    /// Text for people.
    function m_workerpoolDescription() external view returns (string memory);

    /// Stake of a worker in percent of the pool's price.
    function m_workerStakeRatioPolicy() external view returns (uint256);

    /// The scheduler's part of the reward in percent.
    function m_schedulerRewardRatioPolicy() external view returns (uint256);
}
