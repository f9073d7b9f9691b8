// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {IWorkerpool} from "../interfaces/IRegistryEntry.sol";
import {RegistryEntry} from "./RegistryEntry.sol";

/// A pool of workers behind one scheduler.
contract Workerpool is IWorkerpool, RegistryEntry {
    // slot 0, with the base's flag: what a match reads; percent
    uint8 private _schedulerRewardRatio;
    uint240 private _workerStakeRatio;
    // slot 1
    /// @inheritdoc IWorkerpool
    string public m_workerpoolDescription;

    constructor(IRegistry registry_) RegistryEntry(registry_) {}

    /// @inheritdoc IWorkerpool
    function initialize(string calldata _workerpoolDescription) external initializer {
        m_workerpoolDescription = _workerpoolDescription;
        _workerStakeRatio = 30;
        _schedulerRewardRatio = 1;
    }

    /// @inheritdoc IWorkerpool
    function changePolicy(uint256 _newWorkerStakeRatioPolicy, uint256 _newSchedulerRewardRatioPolicy)
        external
        onlyOwner
    {
        require(_newSchedulerRewardRatioPolicy <= 100);
        emit PolicyUpdate(
            _workerStakeRatio, _newWorkerStakeRatioPolicy, _schedulerRewardRatio, _newSchedulerRewardRatioPolicy
        );
        _workerStakeRatio = SafeCast.toUint240(_newWorkerStakeRatioPolicy);
        // Safe: at most 100.
        _schedulerRewardRatio = uint8(_newSchedulerRewardRatioPolicy);
    }

    /// @inheritdoc IWorkerpool
    function m_workerStakeRatioPolicy() external view returns (uint256) {
        return _workerStakeRatio;
    }

    /// @inheritdoc IWorkerpool
    function m_schedulerRewardRatioPolicy() external view returns (uint256) {
        return _schedulerRewardRatio;
    }
}
