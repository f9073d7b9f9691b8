// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AppInfo, Contribution, DatasetInfo, Deal, Task, WorkerpoolInfo} from "./Views.sol";

/// State of deals, tasks, orders and assets, and the constants of the protocol. Unknown ids give zeroes.
interface IAccessors {
    /// Terms of a deal. Prices and stakes in nRLC per task, `startTime` in seconds, ratio in percent.
    function viewDeal(bytes32 id) external view returns (Deal memory);

    /// State of a task; times in seconds. `consensusValue` and `winnerCounter` are zero while there is no consensus,
    /// `resultDigest` until somebody revealed it; `resultsTimestamp` is always zero.
    function viewTask(bytes32 id) external view returns (Task memory);

    /// What a worker gave for a task. `weight` is floor(log2) of the odds it added, zero after contributeAndFinalize.
    function viewContribution(bytes32 _taskid, address _worker) external view returns (Contribution memory);

    /// Agreements of a worker with others, less what its mistakes cost; at most 2^32 - 1.
    function viewScore(address _worker) external view returns (uint256);

    /// Result for contracts; `task-pending` unless the task is completed.
    function resultFor(bytes32 id) external view returns (bytes memory);

    /// Tasks of an order matched so far; the whole volume once closed.
    function viewConsumed(bytes32 _id) external view returns (uint256 consumed);

    /// Who recorded its signature of the order with this hash; zero: nobody.
    function viewPresigned(bytes32 _id) external view returns (address signer);

    /// Description as the entry gives it; whether it is registered is not looked at. Reverts for what is no app.
    function viewApp(address app) external view returns (AppInfo memory);

    /// The same of a data set.
    function viewDataset(address dataset) external view returns (DatasetInfo memory);

    /// The same of a worker pool.
    function viewWorkerpool(address workerpool) external view returns (WorkerpoolInfo memory);

    /// Units of the category's time from the deal's start in which workers may contribute: 7.
    function contribution_deadline_ratio() external pure returns (uint256);

    /// Units from a consensus in which its workers may reveal: 2.
    function reveal_deadline_ratio() external pure returns (uint256);

    /// Units from the deal's start in which a task may be finalized: 10.
    function final_deadline_ratio() external pure returns (uint256);

    /// Percent of its price that a pool's owner stakes per task: 30.
    function workerpool_stake_ratio() external pure returns (uint256);

    /// Percent of the kitty that a success pays: 10.
    function kitty_ratio() external pure returns (uint256);

    /// Least that a success pays out of the kitty while it lasts, in nRLC: 10^9.
    function kitty_min() external pure returns (uint256);

    /// Account of the kitty; its value is all frozen.
    function kitty_address() external pure returns (address);

    /// ERC-734 purpose of the members of a group: 4.
    function groupmember_purpose() external pure returns (uint256);
}
