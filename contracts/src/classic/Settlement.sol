// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Ledger} from "../escrow/Ledger.sol";
import {ITasks} from "../interfaces/ITasks.sol";
import {ContributionStatus} from "../interfaces/Views.sol";
import {Consensus} from "./Consensus.sol";
import {Deals} from "./Deals.sol";
import {Kitty} from "./Kitty.sol";
import {Scores} from "./Scores.sol";
import {Terms} from "./Terms.sol";
import {Vote} from "./Votes.sol";

/// Who gets what when a task ends. The order of the payments is the order of their events.
library Settlement {
    using Deals for Terms;

    /// Takes the task's price from the sponsor, pays the asset owners, returns the pool's stake and pays from the kitty.
    function payProviders(Terms memory deal, bytes32 taskid) internal {
        Ledger.seize(deal.sponsor, deal.taskPrice(), taskid);
        if (deal.appPrice > 0) Ledger.reward(deal.appOwner, deal.appPrice, taskid);
        if (deal.datasetPrice > 0) Ledger.reward(deal.datasetOwner, deal.datasetPrice, taskid);
        Ledger.unlock(deal.workerpoolOwner, Deals.poolStake(deal.workerpoolPrice));
        Kitty.pay(deal.workerpoolOwner, taskid);
    }

    /// Shares the pool's price and the stakes of those who did not prove the result among those who did, by weight;
    /// the scheduler gets its part and all remainders.
    function payWorkers(Vote[] memory votes, Terms memory deal, bytes32 taskid) internal {
        uint256 total = deal.workerpoolPrice;
        uint256 shares;
        for (uint256 i; i < votes.length; ++i) {
            if (votes[i].status == ContributionStatus.PROVED) shares += Consensus.share(votes[i].weight);
            else total += deal.workerStake;
        }
        uint256 forWorkers = _workersPart(deal, total);

        uint256 left = total;
        for (uint256 i; i < votes.length; ++i) {
            if (votes[i].status == ContributionStatus.PROVED) {
                uint256 share = Math.mulDiv(forWorkers, Consensus.share(votes[i].weight), shares);
                left -= share;
                _payWorker(votes[i].worker, deal.workerStake, share, votes.length > 1, taskid);
            } else {
                _punishWorker(votes[i].worker, deal.workerStake, taskid);
            }
        }
        Ledger.reward(deal.workerpoolOwner, left, taskid);
    }

    /// Shares the pool's price between the only worker, who staked nothing, and the scheduler.
    function payOnlyWorker(Terms memory deal, address worker, bytes32 taskid) internal {
        uint256 share = _workersPart(deal, deal.workerpoolPrice);
        Ledger.reward(worker, share, taskid);
        Ledger.reward(deal.workerpoolOwner, deal.workerpoolPrice - share, taskid);
    }

    /// Refunds the sponsor, moves the pool's stake to the kitty and returns all workers' stakes.
    function refund(Vote[] memory votes, Terms memory deal, bytes32 taskid) internal {
        uint256 poolStake = Deals.poolStake(deal.workerpoolPrice);
        Ledger.unlock(deal.sponsor, deal.taskPrice());
        Ledger.seize(deal.workerpoolOwner, poolStake, taskid);
        Kitty.fill(poolStake, taskid);
        for (uint256 i; i < votes.length; ++i) {
            Ledger.unlock(votes[i].worker, deal.workerStake);
        }
    }

    /// What the workers get of a sum, rounded down.
    function _workersPart(Terms memory deal, uint256 total) private pure returns (uint256) {
        return (total * (100 - deal.schedulerRewardRatio)) / 100;
    }

    function _payWorker(address worker, uint256 stake, uint256 share, bool replicated, bytes32 taskid) private {
        Ledger.unlock(worker, stake);
        Ledger.reward(worker, share, taskid);
        if (!replicated) return;
        Scores.raise(worker);
        emit ITasks.AccurateContribution(worker, taskid);
    }

    function _punishWorker(address worker, uint256 stake, bytes32 taskid) private {
        Ledger.seize(worker, stake, taskid);
        Scores.lower(worker);
        emit ITasks.FaultyContribution(worker, taskid);
    }
}
