// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ContributionStatus, TaskStatus} from "./Views.sol";

/// The same state as flat tuples, for clients that cannot decode structs.
interface ILegacyAccessors {
    /// (stake, locked)
    function viewAccountABILegacy(address _user) external view returns (uint256, uint256);

    /// (pointer, owner, price) of app, data set and worker pool
    function viewDealABILegacy_pt1(bytes32 _id)
        external
        view
        returns (address, address, uint256, address, address, uint256, address, address, uint256);

    /// (trust, tag, requester, beneficiary, callback, params)
    function viewDealABILegacy_pt2(bytes32 _id)
        external
        view
        returns (uint256, bytes32, address, address, address, string memory);

    /// (category, startTime, botFirst, botSize, workerStake, schedulerRewardRatio)
    function viewConfigABILegacy(bytes32 _id)
        external
        view
        returns (uint256, uint256, uint256, uint256, uint256, uint256);

    /// (status, dealid, idx, timeref, contributionDeadline, revealDeadline, finalDeadline, consensusValue, revealCounter,
    /// winnerCounter, contributors, results)
    function viewTaskABILegacy(bytes32 _taskid)
        external
        view
        returns (
            TaskStatus,
            bytes32,
            uint256,
            uint256,
            uint256,
            uint256,
            uint256,
            bytes32,
            uint256,
            uint256,
            address[] memory,
            bytes memory
        );

    /// (status, resultHash, resultSeal, enclaveChallenge)
    function viewContributionABILegacy(bytes32 _taskid, address _worker)
        external
        view
        returns (ContributionStatus, bytes32, bytes32, address);

    /// (name, description, workClockTimeRef); Panic 0x32 for an unknown one
    function viewCategoryABILegacy(uint256 _catid) external view returns (string memory, string memory, uint256);
}
