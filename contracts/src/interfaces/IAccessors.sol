// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AppInfo, Contribution, DatasetInfo, Deal, Task, WorkerpoolInfo} from "./Views.sol";

/// State of deals, tasks, orders and assets, and the constants of the protocol. Unknown ids give zeroes.
interface IAccessors {
    function viewDeal(bytes32 id) external view returns (Deal memory);
    function viewTask(bytes32 id) external view returns (Task memory);
    function viewContribution(bytes32 _taskid, address _worker) external view returns (Contribution memory);
    function viewScore(address _worker) external view returns (uint256);

    /// Result for contracts; `task-pending` unless the task is completed.
    function resultFor(bytes32 id) external view returns (bytes memory);

    /// Tasks of an order matched so far; the whole volume once closed.
    function viewConsumed(bytes32 _id) external view returns (uint256 consumed);
    function viewPresigned(bytes32 _id) external view returns (address signer);

    /// Descriptions as the entry gives them; whether it is registered is not looked at.
    function viewApp(address app) external view returns (AppInfo memory);
    function viewDataset(address dataset) external view returns (DatasetInfo memory);
    function viewWorkerpool(address workerpool) external view returns (WorkerpoolInfo memory);

    function contribution_deadline_ratio() external pure returns (uint256);
    function reveal_deadline_ratio() external pure returns (uint256);
    function final_deadline_ratio() external pure returns (uint256);
    function workerpool_stake_ratio() external pure returns (uint256);
    function kitty_ratio() external pure returns (uint256);
    function kitty_min() external pure returns (uint256);
    function kitty_address() external pure returns (address);
    function groupmember_purpose() external pure returns (uint256);
}
