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
import {Results} from "./Results.sol";
import {Scores} from "./Scores.sol";
import {Settlement} from "./Settlement.sol";
import {TaskHead, TaskRecord, Tasks} from "./Tasks.sol";
import {Terms} from "./Terms.sol";
import {ContributionRecord, Vote, Votes} from "./Votes.sol";

/// The classic task cycle. Each step reads the task's word and the deal's terms once and writes the word at most once.
contract TasksFacet is ITasks, ReentrancyGuardTransient {
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
        TaskHead memory head = task.head;
        require(head.status == TaskStatus.ACTIVE);
        Terms memory deal = head.deal();
        require(block.timestamp < deal.contributionDeadline());
        Vote[] memory votes = task.loadVotes();
        require(Votes.positionOf(votes, msg.sender) == votes.length);
        Authorisation.checkEnclavePresent(deal, enclaveChallenge);
        Authorisation.checkWorker(deal, taskId, enclaveChallenge, authorizationSign);
        Authorisation.checkEnclave(resultHash, resultSeal, enclaveChallenge, enclaveSign);

        Vote memory vote = _newVote(task.valueOf(votes, resultHash), enclaveChallenge);
        vote.status = ContributionStatus.CONTRIBUTED;
        vote.weight = uint32(Consensus.weight(Scores.of_(msg.sender)));
        votes = Votes.append(votes, vote);
        task.addVote(head, vote, resultHash, enclaveChallenge);
        task.contributions[votes.length - 1].resultSeal = resultSeal;
        Ledger.lock(msg.sender, deal.workerStake);
        emit TaskContribute(taskId, msg.sender, resultHash);

        if (Consensus.count(votes).accepts(vote.value, deal.trust)) {
            _openReveal(head, deal, vote.value);
            emit TaskConsensus(taskId, resultHash);
        }
        task.head = head;
    }

    /// @inheritdoc ITasks
    function reveal(bytes32 taskId, bytes32 resultDigest) external {
        TaskRecord storage task = Classic.load().tasks[taskId];
        TaskHead memory head = task.head;
        require(head.status == TaskStatus.REVEALING);
        require(block.timestamp < head.revealDeadline);
        ContributionRecord storage record = task.contributions[task.findVote(head, msg.sender)];
        require(record.vote.status == ContributionStatus.CONTRIBUTED);
        require(record.vote.value == head.accepted);
        require(record.resultSeal == Tasks.resultSeal(msg.sender, taskId, resultDigest));

        ContributionRecord storage value = task.contributions[head.accepted];
        if (head.revealed) {
            require(value.resultHash == resultDigest);
        } else {
            require(value.resultHash == Tasks.resultHash(taskId, resultDigest));
            value.resultHash = resultDigest;
            head.revealed = true;
            task.head = head;
        }
        record.vote.status = ContributionStatus.PROVED;
        record.resultSeal = 0;
        emit TaskReveal(taskId, msg.sender, resultDigest);
    }

    /// @inheritdoc ITasks
    function reopen(bytes32 taskId) external {
        TaskRecord storage task = Classic.load().tasks[taskId];
        TaskHead memory head = task.head;
        Terms memory deal = head.deal();
        require(msg.sender == deal.workerpoolOwner);
        require(head.status == TaskStatus.REVEALING);
        require(block.timestamp < deal.finalDeadline());
        require(block.timestamp >= head.revealDeadline && !head.revealed);

        task.rejectVoters(head);
        head.status = TaskStatus.ACTIVE;
        head.revealDeadline = 0;
        task.head = head;
        emit TaskReopen(taskId);
    }

    /// @inheritdoc ITasks
    function finalize(bytes32 taskId, bytes calldata results, bytes calldata resultsCallback) external nonReentrant {
        TaskRecord storage task = Classic.load().tasks[taskId];
        TaskHead memory head = task.head;
        Terms memory deal = head.deal();
        require(msg.sender == deal.workerpoolOwner);
        require(head.status == TaskStatus.REVEALING);
        require(block.timestamp < deal.finalDeadline());
        Vote[] memory votes = task.loadVotes();
        require(head.revealed);
        require(
            block.timestamp >= head.revealDeadline
                || Votes.countProved(votes) == Votes.countFor(votes, head.accepted)
        );
        Callback.check(deal.callback, task.contributions[head.accepted].resultHash, resultsCallback);

        _complete(head, taskId, results, resultsCallback);
        task.head = head;
        Settlement.payProviders(deal, taskId);
        Settlement.payWorkers(votes, deal, taskId);
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
        TaskHead memory head = task.head;
        require(head.status == TaskStatus.ACTIVE);
        Terms memory deal = head.deal();
        require(block.timestamp < deal.contributionDeadline());
        require(head.votes == 0);
        require(deal.trust == 1);
        Callback.check(deal.callback, resultDigest, resultsCallback);
        bytes32 resultHash = Tasks.resultHash(taskId, resultDigest);
        Authorisation.checkEnclavePresent(deal, enclaveChallenge);
        Authorisation.checkWorker(deal, taskId, enclaveChallenge, authorizationSign);
        Authorisation.checkEnclave(
            resultHash, Tasks.resultSeal(msg.sender, taskId, resultDigest), enclaveChallenge, enclaveSign
        );

        Vote memory vote = _newVote(0, enclaveChallenge);
        vote.status = ContributionStatus.PROVED;
        task.addVote(head, vote, resultDigest, enclaveChallenge);
        _openReveal(head, deal, 0);
        head.revealed = true;
        _complete(head, taskId, results, resultsCallback);
        task.head = head;
        Settlement.payProviders(deal, taskId);
        Settlement.payOnlyWorker(deal, msg.sender, taskId);
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
        Terms memory deal = Deals.read(blob);
        taskId = Tasks.id(dealId, index);
        TaskRecord storage task = state.tasks[taskId];
        require(index >= deal.botFirst && index - deal.botFirst < deal.botSize);
        require(task.head.status == TaskStatus.UNSET);
        task.start(taskId, blob, deal, index);
        emit TaskInitialize(taskId, deal.workerpool);
    }

    function _claim(bytes32 taskId) private {
        TaskRecord storage task = Classic.load().tasks[taskId];
        TaskHead memory head = task.head;
        require(head.status == TaskStatus.ACTIVE || head.status == TaskStatus.REVEALING);
        Terms memory deal = head.deal();
        require(block.timestamp >= deal.finalDeadline());
        head.status = TaskStatus.FAILED;
        task.head = head;
        Settlement.refund(task.loadVotes(), deal, taskId);
        emit TaskClaimed(taskId);
    }

    function _newVote(uint256 value, address enclaveChallenge) private view returns (Vote memory vote) {
        vote.worker = msg.sender;
        vote.value = uint8(value);
        vote.inEnclave = enclaveChallenge != address(0);
    }

    function _openReveal(TaskHead memory head, Terms memory deal, uint8 value) private view {
        head.status = TaskStatus.REVEALING;
        head.accepted = value;
        head.revealDeadline = deal.revealDeadlineFromNow();
    }

    function _complete(TaskHead memory head, bytes32 taskId, bytes calldata results, bytes calldata resultsCallback)
        private
    {
        head.blob = Results.store(taskId, head.blob, results, resultsCallback);
        head.status = TaskStatus.COMPLETED;
    }
}
