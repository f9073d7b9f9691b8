// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Ledger} from "../escrow/Ledger.sol";
import {ITasks} from "../interfaces/ITasks.sol";
import {ContributionStatus} from "../interfaces/Views.sol";
import {Classic} from "./Classic.sol";
import {DealRecord, Deals} from "./Deals.sol";
import {Kitty} from "./Kitty.sol";
import {ContributionRecord, TaskRecord} from "./Tasks.sol";

/// Who gets what when a task ends. The order of the payments is the order of their events.
library Settlement {
    using Deals for DealRecord;

    /// Takes the task's price from the sponsor, pays the asset owners, returns the pool's stake and pays from the kitty.
    function payProviders(DealRecord storage deal, bytes32 taskid) internal {
        Ledger.seize(deal.sponsor, deal.taskPrice(), taskid);
        if (deal.appPrice > 0) Ledger.reward(deal.appOwner, deal.appPrice, taskid);
        if (deal.datasetPrice > 0) Ledger.reward(deal.datasetOwner, deal.datasetPrice, taskid);
        Ledger.unlock(deal.workerpoolOwner, Deals.poolStake(deal.workerpoolPrice));
        Kitty.pay(deal.workerpoolOwner, taskid);
    }

    /// Shares the pool's price and the stakes of those who did not prove the result among those who did, by weight;
    /// the scheduler gets its part and all remainders.
    function payWorkers(TaskRecord storage task, DealRecord storage deal, bytes32 taskid) internal {
        Classic.State storage state = Classic.load();
        mapping(address => ContributionRecord) storage records = state.contributions[taskid];
        address[] memory workers = task.contributors;
        uint256 stake = deal.workerStake;

        uint256 total = deal.workerpoolPrice;
        uint256 shares;
        for (uint256 i; i < workers.length; ++i) {
            ContributionRecord storage record = records[workers[i]];
            if (record.status == ContributionStatus.PROVED) shares += record.weight;
            else total += stake;
        }
        uint256 forWorkers = (total * (100 - deal.schedulerRewardRatio)) / 100;

        uint256 left = total;
        for (uint256 i; i < workers.length; ++i) {
            ContributionRecord storage record = records[workers[i]];
            if (record.status == ContributionStatus.PROVED) {
                uint256 share = Math.mulDiv(forWorkers, record.weight, shares);
                left -= share;
                _payWorker(state, workers[i], stake, share, workers.length > 1, taskid);
            } else {
                _punishWorker(state, workers[i], stake, taskid);
            }
        }
        Ledger.reward(deal.workerpoolOwner, left, taskid);
    }

    /// Shares the pool's price between the only worker, who staked nothing, and the scheduler.
    function payOnlyWorker(DealRecord storage deal, address worker, bytes32 taskid) internal {
        uint256 total = deal.workerpoolPrice;
        uint256 share = (total * (100 - deal.schedulerRewardRatio)) / 100;
        Ledger.reward(worker, share, taskid);
        Ledger.reward(deal.workerpoolOwner, total - share, taskid);
    }

    /// Refunds the sponsor, moves the pool's stake to the kitty and returns all workers' stakes.
    function refund(TaskRecord storage task, DealRecord storage deal, bytes32 taskid) internal {
        uint256 poolStake = Deals.poolStake(deal.workerpoolPrice);
        Ledger.unlock(deal.sponsor, deal.taskPrice());
        Ledger.seize(deal.workerpoolOwner, poolStake, taskid);
        Kitty.fill(poolStake, taskid);

        address[] memory workers = task.contributors;
        uint256 stake = deal.workerStake;
        for (uint256 i; i < workers.length; ++i) {
            Ledger.unlock(workers[i], stake);
        }
    }

    /// Agreement of several workers raises the score of each.
    function _payWorker(
        Classic.State storage state,
        address worker,
        uint256 stake,
        uint256 share,
        bool replicated,
        bytes32 taskid
    ) private {
        Ledger.unlock(worker, stake);
        Ledger.reward(worker, share, taskid);
        if (!replicated) return;
        state.scores[worker] += 1;
        emit ITasks.AccurateContribution(worker, taskid);
    }

    /// Takes the stake and a third of the score, rounded up.
    function _punishWorker(Classic.State storage state, address worker, uint256 stake, bytes32 taskid) private {
        Ledger.seize(worker, stake, taskid);
        state.scores[worker] = (state.scores[worker] * 2) / 3;
        emit ITasks.FaultyContribution(worker, taskid);
    }
}
