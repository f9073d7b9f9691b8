// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Payout} from "../escrow/Payout.sol";
import {ITasks} from "../interfaces/ITasks.sol";
import {ContributionStatus} from "../interfaces/Views.sol";
import {Consensus} from "./Consensus.sol";
import {Deals} from "./Deals.sol";
import {Kitty} from "./Kitty.sol";
import {Scores} from "./Scores.sol";
import {Terms} from "./Terms.sol";
import {Vote} from "./Vote.sol";

/// Who gets what when a task ends. The order of the payments is the order of their events.
library Settlement {
    using Deals for Terms;
    using Payout for Payout.Open;

    /// A task that several workers voted on.
    function settle(Vote[] memory votes, Terms memory deal, bytes32 taskid) internal {
        Payout.Open memory payout = Payout.open(taskid);
        _payProviders(payout, deal);
        _payWorkers(payout, votes, deal);
        payout.close();
    }

    /// A task that its only worker, who staked nothing, ended at once.
    function settleOnly(address worker, Terms memory deal, bytes32 taskid) internal {
        Payout.Open memory payout = Payout.open(taskid);
        _payProviders(payout, deal);
        uint256 share = _workersPart(deal, deal.workerpoolPrice);
        payout.reward(worker, share);
        payout.reward(deal.workerpoolOwner, deal.workerpoolPrice - share);
        payout.close();
    }

    /// Refunds the sponsor, moves the pool's stake to the kitty and returns all workers' stakes.
    function refund(Vote[] memory votes, Terms memory deal, bytes32 taskid) internal {
        Payout.Open memory payout = Payout.open(taskid);
        uint256 poolStake = Deals.poolStake(deal.workerpoolPrice);
        payout.unlock(deal.sponsor, deal.taskPrice());
        payout.seize(deal.workerpoolOwner, poolStake);
        Kitty.fill(payout, poolStake);
        for (uint256 i; i < votes.length; ++i) {
            payout.unlock(votes[i].worker(), deal.workerStake);
        }
        payout.close();
    }

    /// Takes the task's price from the sponsor, pays the asset owners, returns the pool's stake and pays from the kitty.
    function _payProviders(Payout.Open memory payout, Terms memory deal) private {
        payout.seize(deal.sponsor, deal.taskPrice());
        if (deal.appPrice > 0) payout.reward(deal.appOwner, deal.appPrice);
        if (deal.datasetPrice > 0) payout.reward(deal.datasetOwner, deal.datasetPrice);
        payout.unlock(deal.workerpoolOwner, Deals.poolStake(deal.workerpoolPrice));
        Kitty.pay(payout, deal.workerpoolOwner);
    }

    /// Shares the pool's price and the stakes of those who did not prove the result among those who did, by weight;
    /// the scheduler gets its part and all remainders.
    function _payWorkers(Payout.Open memory payout, Vote[] memory votes, Terms memory deal) private {
        uint256 total = deal.workerpoolPrice;
        uint256 shares;
        for (uint256 i; i < votes.length; ++i) {
            Vote vote = votes[i];
            if (vote.has(ContributionStatus.PROVED)) shares += Consensus.share(vote.weight());
            else total += deal.workerStake;
        }
        uint256 forWorkers = _workersPart(deal, total);

        uint256 left = total;
        for (uint256 i; i < votes.length; ++i) {
            Vote vote = votes[i];
            if (vote.has(ContributionStatus.PROVED)) {
                uint256 reward = Math.mulDiv(forWorkers, Consensus.share(vote.weight()), shares);
                left -= reward;
                _payWorker(payout, vote.worker(), deal.workerStake, reward, votes.length > 1);
            } else {
                _punishWorker(payout, vote.worker(), deal.workerStake);
            }
        }
        payout.reward(deal.workerpoolOwner, left);
    }

    /// What the workers get of a sum, rounded down.
    function _workersPart(Terms memory deal, uint256 total) private pure returns (uint256) {
        return (total * (100 - deal.schedulerRewardRatio)) / 100;
    }

    /// Agreement of several workers raises the score of each.
    function _payWorker(Payout.Open memory payout, address worker, uint256 stake, uint256 reward, bool replicated)
        private
    {
        uint256 score = Scores.of_(worker);
        payout.release(worker, stake, reward, replicated ? Scores.raised(score) : score);
        if (replicated) emit ITasks.AccurateContribution(worker, payout.ref);
    }

    function _punishWorker(Payout.Open memory payout, address worker, uint256 stake) private {
        payout.seize(worker, stake);
        Scores.set(worker, Scores.lowered(Scores.of_(worker)));
        emit ITasks.FaultyContribution(worker, payout.ref);
    }
}
