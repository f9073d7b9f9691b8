// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRegistry} from "../interfaces/IRegistry.sol";
import {IWorkerpool} from "../interfaces/IRegistryEntry.sol";
import {RegistryEntry} from "./RegistryEntry.sol";

/// A pool of workers behind one scheduler.
contract Workerpool is IWorkerpool, RegistryEntry {
    /// @inheritdoc IWorkerpool
    string public m_workerpoolDescription;
    /// @inheritdoc IWorkerpool
    uint256 public m_workerStakeRatioPolicy;
    /// @inheritdoc IWorkerpool
    uint256 public m_schedulerRewardRatioPolicy;

    constructor(IRegistry registry_) RegistryEntry(registry_) {}

    /// @inheritdoc IWorkerpool
    function initialize(string calldata _workerpoolDescription) external initializer {
        m_workerpoolDescription = _workerpoolDescription;
        m_workerStakeRatioPolicy = 30;
        m_schedulerRewardRatioPolicy = 1;
    }

    /// @inheritdoc IWorkerpool
    function changePolicy(uint256 _newWorkerStakeRatioPolicy, uint256 _newSchedulerRewardRatioPolicy)
        external
        onlyOwner
    {
        require(_newSchedulerRewardRatioPolicy <= 100);
        emit PolicyUpdate(
            m_workerStakeRatioPolicy,
            _newWorkerStakeRatioPolicy,
            m_schedulerRewardRatioPolicy,
            _newSchedulerRewardRatioPolicy
        );
        m_workerStakeRatioPolicy = _newWorkerStakeRatioPolicy;
        m_schedulerRewardRatioPolicy = _newSchedulerRewardRatioPolicy;
    }
}
