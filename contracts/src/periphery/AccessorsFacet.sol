// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Classic} from "../classic/Classic.sol";
import {Deals} from "../classic/Deals.sol";
import {Kitty} from "../classic/Kitty.sol";
import {Results} from "../classic/Results.sol";
import {Scores} from "../classic/Scores.sol";
import {TaskHead} from "../classic/TaskHead.sol";
import {TaskRecord, Tasks} from "../classic/Tasks.sol";
import {Votes} from "../classic/Votes.sol";
import {IAccessors} from "../interfaces/IAccessors.sol";
import {IApp, IDataset, IWorkerpool} from "../interfaces/IRegistryEntry.sol";
import {AppInfo, Contribution, DatasetInfo, Deal, Task, TaskStatus, WorkerpoolInfo} from "../interfaces/Views.sol";
import {OrderBook} from "../orders/OrderBook.sol";
import {Restrictions} from "../orders/Restrictions.sol";

/// Views and constants.
contract AccessorsFacet is IAccessors {
    using Votes for TaskRecord;

    /// @inheritdoc IAccessors
    function viewDeal(bytes32 id) external view returns (Deal memory) {
        return Deals.view_(id);
    }

    /// @inheritdoc IAccessors
    function viewTask(bytes32 id) external view returns (Task memory) {
        return Tasks.view_(id);
    }

    /// @inheritdoc IAccessors
    function viewContribution(bytes32 _taskid, address _worker) external view returns (Contribution memory) {
        return Classic.load().tasks[_taskid].view_(_taskid, _worker);
    }

    /// @inheritdoc IAccessors
    function viewScore(address _worker) external view returns (uint256) {
        return Scores.of_(_worker);
    }

    /// @inheritdoc IAccessors
    function resultFor(bytes32 id) external view returns (bytes memory) {
        TaskHead head = Classic.load().tasks[id].head;
        require(head.has(TaskStatus.COMPLETED), "task-pending");
        (, bytes memory resultsCallback) = Results.load(head.blob(), id);
        return resultsCallback;
    }

    /// @inheritdoc IAccessors
    function viewConsumed(bytes32 _id) external view returns (uint256 consumed) {
        return OrderBook.load().consumed[_id];
    }

    /// @inheritdoc IAccessors
    function viewPresigned(bytes32 _id) external view returns (address signer) {
        return OrderBook.load().presigned[_id];
    }

    /// @inheritdoc IAccessors
    function viewApp(address app) external view returns (AppInfo memory) {
        IApp entry = IApp(app);
        return AppInfo({
            owner: entry.owner(),
            m_appName: entry.m_appName(),
            m_appType: entry.m_appType(),
            m_appMultiaddr: entry.m_appMultiaddr(),
            m_appChecksum: entry.m_appChecksum(),
            m_appMREnclave: entry.m_appMREnclave()
        });
    }

    /// @inheritdoc IAccessors
    function viewDataset(address dataset) external view returns (DatasetInfo memory) {
        IDataset entry = IDataset(dataset);
        return DatasetInfo({
            owner: entry.owner(),
            m_datasetName: entry.m_datasetName(),
            m_datasetMultiaddr: entry.m_datasetMultiaddr(),
            m_datasetChecksum: entry.m_datasetChecksum()
        });
    }

    /// @inheritdoc IAccessors
    function viewWorkerpool(address workerpool) external view returns (WorkerpoolInfo memory) {
        IWorkerpool entry = IWorkerpool(workerpool);
        return WorkerpoolInfo({
            owner: entry.owner(),
            m_workerpoolDescription: entry.m_workerpoolDescription(),
            m_workerStakeRatioPolicy: entry.m_workerStakeRatioPolicy(),
            m_schedulerRewardRatioPolicy: entry.m_schedulerRewardRatioPolicy()
        });
    }

    /// @inheritdoc IAccessors
    function contribution_deadline_ratio() external pure returns (uint256) {
        return Tasks.CONTRIBUTION_DEADLINE_RATIO;
    }

    /// @inheritdoc IAccessors
    function reveal_deadline_ratio() external pure returns (uint256) {
        return Tasks.REVEAL_DEADLINE_RATIO;
    }

    /// @inheritdoc IAccessors
    function final_deadline_ratio() external pure returns (uint256) {
        return Tasks.FINAL_DEADLINE_RATIO;
    }

    /// @inheritdoc IAccessors
    function workerpool_stake_ratio() external pure returns (uint256) {
        return Deals.WORKERPOOL_STAKE_RATIO;
    }

    /// @inheritdoc IAccessors
    function kitty_ratio() external pure returns (uint256) {
        return Kitty.RATIO;
    }

    /// @inheritdoc IAccessors
    function kitty_min() external pure returns (uint256) {
        return Kitty.MIN;
    }

    /// @inheritdoc IAccessors
    function kitty_address() external pure returns (address) {
        return Kitty.ADDRESS;
    }

    /// @inheritdoc IAccessors
    function groupmember_purpose() external pure returns (uint256) {
        return Restrictions.GROUPMEMBER_PURPOSE;
    }
}
