// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Blob} from "../blobs/Blob.sol";
import {Ledger} from "../escrow/Ledger.sol";
import {ITasks} from "../interfaces/ITasks.sol";
import {ContributionStatus, TaskStatus} from "../interfaces/Views.sol";
import {Authorisation} from "./Authorisation.sol";
import {Callback} from "./Callback.sol";
import {Classic} from "./Classic.sol";
import {Consensus} from "./Consensus.sol";
import {Deals} from "./Deals.sol";
import {Outcome, Results} from "./Results.sol";
import {Scores} from "./Scores.sol";
import {Settlement} from "./Settlement.sol";
import {TaskHead} from "./TaskHead.sol";
import {TaskRecord, Tasks} from "./Tasks.sol";
import {Terms} from "./Terms.sol";
import {Vote, newVote} from "./Vote.sol";
import {ContributionRecord, Votes} from "./Votes.sol";

/// The classic task cycle. Each step reads the task's word and the deal's terms once and writes the word at most once.
contract TasksFacet is ITasks, ReentrancyGuardTransient {
    using Deals for Terms;
    using Consensus for Consensus.Tally;
    using Tasks for TaskHead;
    using Tasks for TaskRecord;
    using Tasks for Terms;
    using Votes for TaskRecord;

    /// @inheritdoc ITasks
    function initialize(bytes32 dealId, uint256 index) external returns (bytes32) {
        return _initialize(dealId, index);
    }

    /// @inheritdoc ITasks
    function initializeArray(bytes32[] calldata dealIds, uint256[] calldata indexes) external returns (bool) {
        require(dealIds.length == indexes.length);
        for (uint256 i; i < dealIds.length; ++i) {
            _initialize(dealIds[i], indexes[i]);
        }
        return true;
    }

    /// @inheritdoc ITasks
    function contribute(
        bytes32 taskId,
        bytes32 resultHash,
        bytes32 resultSeal,
        address enclaveChallenge,
        bytes calldata enclaveSign,
        bytes calldata authorizationSign
    ) external {
        TaskRecord storage task = Classic.load().tasks[taskId];
        TaskHead head = task.head;
        require(head.has(TaskStatus.ACTIVE));
        Terms memory deal;
        deal.load(head.terms());
        require(block.timestamp < deal.contributionDeadline());
        Vote[] memory votes = task.loadVotes(head);
        require(Votes.positionOf(votes, msg.sender) == votes.length);
        Authorisation.checkEnclavePresent(deal, enclaveChallenge);
        Authorisation.checkWorker(deal, taskId, enclaveChallenge, authorizationSign);
        Authorisation.checkEnclave(resultHash, resultSeal, enclaveChallenge, enclaveSign);

        Vote vote = _voteOfCaller(task.valueOf(votes, resultHash), enclaveChallenge);
        task.addVote(head, vote, resultHash, resultSeal, enclaveChallenge);
        Ledger.lock(msg.sender, deal.workerStake);
        emit TaskContribute(taskId, msg.sender, resultHash);

        votes = Votes.append(votes, vote);
        head = head.withVotes(votes.length);
        if (Consensus.count(votes).accepts(vote.value(), deal.trust)) {
            head = head.withConsensus(vote.value(), deal.revealDeadlineFromNow());
            emit TaskConsensus(taskId, resultHash);
        }
        task.head = head;
    }

    /// @inheritdoc ITasks
    function reveal(bytes32 taskId, bytes32 resultDigest) external {
        TaskRecord storage task = Classic.load().tasks[taskId];
        TaskHead head = task.head;
        require(head.has(TaskStatus.REVEALING));
        require(block.timestamp < head.revealDeadline());
        ContributionRecord storage record = task.contributions[task.findVote(head, msg.sender)];
        Vote vote = record.vote;
        require(vote.has(ContributionStatus.CONTRIBUTED));
        require(vote.isFor(head.accepted()));
        require(record.resultSeal == Tasks.resultSeal(msg.sender, taskId, resultDigest));

        ContributionRecord storage first = task.contributions[head.accepted()];
        if (head.isRevealed()) {
            require(first.resultHash == resultDigest);
        } else {
            require(first.resultHash == Tasks.resultHash(taskId, resultDigest));
            first.resultHash = resultDigest;
            task.head = head.withReveal();
        }
        record.vote = vote.withStatus(ContributionStatus.PROVED);
        record.resultSeal = 0;
        emit TaskReveal(taskId, msg.sender, resultDigest);
    }

    /// @inheritdoc ITasks
    function reopen(bytes32 taskId) external {
        TaskRecord storage task = Classic.load().tasks[taskId];
        TaskHead head = task.head;
        Terms memory deal;
        deal.load(head.terms());
        require(msg.sender == deal.workerpoolOwner);
        require(head.has(TaskStatus.REVEALING));
        require(block.timestamp < deal.finalDeadline());
        require(block.timestamp >= head.revealDeadline() && !head.isRevealed());

        task.rejectVoters(head);
        task.head = head.withoutConsensus();
        emit TaskReopen(taskId);
    }

    /// @inheritdoc ITasks
    function finalize(bytes32 taskId, bytes calldata results, bytes calldata resultsCallback) external nonReentrant {
        TaskRecord storage task = Classic.load().tasks[taskId];
        TaskHead head = task.head;
        Terms memory deal;
        deal.load(head.terms());
        require(msg.sender == deal.workerpoolOwner);
        require(head.has(TaskStatus.REVEALING));
        require(block.timestamp < deal.finalDeadline());
        require(head.isRevealed());
        Vote[] memory votes = task.loadVotes(head);
        require(block.timestamp >= head.revealDeadline() || Votes.allRevealed(votes, head.accepted()));
        Callback.check(deal.callback, task.contributions[head.accepted()].resultHash, resultsCallback);

        Outcome memory outcome = Outcome(head.blob(), address(0), 0, address(0));
        task.head = head.completed(Results.store(taskId, outcome, results, resultsCallback));
        Settlement.settle(votes, deal, taskId);
        emit TaskFinalize(taskId, results);
        Callback.deliver(deal.callback, taskId, resultsCallback);
    }

    /// @inheritdoc ITasks
    function contributeAndFinalize(
        bytes32 taskId,
        bytes32 resultDigest,
        bytes calldata results,
        bytes calldata resultsCallback,
        address enclaveChallenge,
        bytes calldata enclaveSign,
        bytes calldata authorizationSign
    ) external nonReentrant {
        TaskRecord storage task = Classic.load().tasks[taskId];
        TaskHead head = task.head;
        require(head.has(TaskStatus.ACTIVE));
        Terms memory deal;
        deal.load(head.terms());
        require(block.timestamp < deal.contributionDeadline());
        require(head.votes() == 0);
        require(deal.trust == 1);
        Callback.check(deal.callback, resultDigest, resultsCallback);
        bytes32 resultHash = Tasks.resultHash(taskId, resultDigest);
        bytes32 resultSeal = Tasks.resultSeal(msg.sender, taskId, resultDigest);
        Authorisation.checkEnclavePresent(deal, enclaveChallenge);
        Authorisation.checkWorker(deal, taskId, enclaveChallenge, authorizationSign);
        Authorisation.checkEnclave(resultHash, resultSeal, enclaveChallenge, enclaveSign);

        Outcome memory outcome = Outcome(head.blob(), msg.sender, resultDigest, enclaveChallenge);
        head = head.withConsensus(0, deal.revealDeadlineFromNow());
        task.head = head.completed(Results.store(taskId, outcome, results, resultsCallback));
        Settlement.settleOnly(msg.sender, deal, taskId);
        emit TaskContribute(taskId, msg.sender, resultHash);
        emit TaskConsensus(taskId, resultHash);
        emit TaskReveal(taskId, msg.sender, resultDigest);
        emit TaskFinalize(taskId, results);
        Callback.deliver(deal.callback, taskId, resultsCallback);
    }

    /// @inheritdoc ITasks
    function claim(bytes32 taskId) external {
        _claim(taskId);
    }

    /// @inheritdoc ITasks
    function claimArray(bytes32[] calldata taskIds) external returns (bool) {
        for (uint256 i; i < taskIds.length; ++i) {
            _claim(taskIds[i]);
        }
        return true;
    }

    /// @inheritdoc ITasks
    function initializeAndClaimArray(bytes32[] calldata dealIds, uint256[] calldata indexes) external returns (bool) {
        require(dealIds.length == indexes.length);
        for (uint256 i; i < dealIds.length; ++i) {
            _claim(_initialize(dealIds[i], indexes[i]));
        }
        return true;
    }

    function _initialize(bytes32 dealId, uint256 index) private returns (bytes32 taskId) {
        Classic.State storage state = Classic.load();
        Blob blob = state.deals[dealId];
        Terms memory deal;
        deal.load(blob);
        taskId = Tasks.id(dealId, index);
        TaskRecord storage task = state.tasks[taskId];
        require(index >= deal.botFirst && index - deal.botFirst < deal.botSize);
        require(task.head.has(TaskStatus.UNSET));
        task.start(taskId, blob, deal, index);
        emit TaskInitialize(taskId, deal.workerpool);
    }

    function _claim(bytes32 taskId) private {
        TaskRecord storage task = Classic.load().tasks[taskId];
        TaskHead head = task.head;
        require(head.has(TaskStatus.ACTIVE) || head.has(TaskStatus.REVEALING));
        Terms memory deal;
        deal.load(head.terms());
        require(block.timestamp >= deal.finalDeadline());
        task.head = head.withStatus(TaskStatus.FAILED);
        Settlement.refund(task.loadVotes(head), deal, taskId);
        emit TaskClaimed(taskId);
    }

    function _voteOfCaller(uint256 value, address enclaveChallenge) private view returns (Vote) {
        uint256 weight = Consensus.weight(Scores.of_(msg.sender));
        return newVote(msg.sender, ContributionStatus.CONTRIBUTED, value, weight, enclaveChallenge != address(0));
    }
}
