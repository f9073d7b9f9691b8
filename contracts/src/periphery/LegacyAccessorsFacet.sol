// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Classic} from "../classic/Classic.sol";
import {Deals} from "../classic/Deals.sol";
import {TaskRecord, Tasks} from "../classic/Tasks.sol";
import {Votes} from "../classic/Votes.sol";
import {Account} from "../escrow/Account.sol";
import {Ledger} from "../escrow/Ledger.sol";
import {Category, Settings} from "../hub/Settings.sol";
import {ILegacyAccessors} from "../interfaces/ILegacyAccessors.sol";
import {Contribution, ContributionStatus, Deal, Task, TaskStatus} from "../interfaces/Views.sol";

/// Views without structs.
contract LegacyAccessorsFacet is ILegacyAccessors {
    using Votes for TaskRecord;

    /// @inheritdoc ILegacyAccessors
    function viewAccountABILegacy(address _user) external view returns (uint256, uint256) {
        Account account = Ledger.accountOf(_user);
        return (account.free(), account.frozen());
    }

    /// @inheritdoc ILegacyAccessors
    function viewDealABILegacy_pt1(bytes32 _id)
        external
        view
        returns (address, address, uint256, address, address, uint256, address, address, uint256)
    {
        Deal memory d = Deals.view_(_id);
        return (
            d.app.pointer,
            d.app.owner,
            d.app.price,
            d.dataset.pointer,
            d.dataset.owner,
            d.dataset.price,
            d.workerpool.pointer,
            d.workerpool.owner,
            d.workerpool.price
        );
    }

    /// @inheritdoc ILegacyAccessors
    function viewDealABILegacy_pt2(bytes32 _id)
        external
        view
        returns (uint256, bytes32, address, address, address, string memory)
    {
        Deal memory d = Deals.view_(_id);
        return (d.trust, d.tag, d.requester, d.beneficiary, d.callback, d.params);
    }

    /// @inheritdoc ILegacyAccessors
    function viewConfigABILegacy(bytes32 _id)
        external
        view
        returns (uint256, uint256, uint256, uint256, uint256, uint256)
    {
        Deal memory d = Deals.view_(_id);
        return (d.category, d.startTime, d.botFirst, d.botSize, d.workerStake, d.schedulerRewardRatio);
    }

    /// @inheritdoc ILegacyAccessors
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
        )
    {
        Task memory t = Tasks.view_(_taskid);
        return (
            t.status,
            t.dealid,
            t.idx,
            t.timeref,
            t.contributionDeadline,
            t.revealDeadline,
            t.finalDeadline,
            t.consensusValue,
            t.revealCounter,
            t.winnerCounter,
            t.contributors,
            t.results
        );
    }

    /// @inheritdoc ILegacyAccessors
    function viewContributionABILegacy(bytes32 _taskid, address _worker)
        external
        view
        returns (ContributionStatus, bytes32, bytes32, address)
    {
        Contribution memory c = Classic.load().tasks[_taskid].view_(_taskid, _worker);
        return (c.status, c.resultHash, c.resultSeal, c.enclaveChallenge);
    }

    /// @inheritdoc ILegacyAccessors
    function viewCategoryABILegacy(uint256 _catid) external view returns (string memory, string memory, uint256) {
        Category storage c = Settings.load().categories[_catid];
        return (c.name, c.description, c.workClockTimeRef);
    }
}
