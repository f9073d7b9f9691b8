// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ledger} from "../escrow/Ledger.sol";
import {Settings} from "../hub/Settings.sol";
import {ITasks} from "../interfaces/ITasks.sol";
import {ContributionStatus, TaskStatus} from "../interfaces/Views.sol";
import {Authorisation} from "./Authorisation.sol";
import {Callback} from "./Callback.sol";
import {Classic} from "./Classic.sol";
import {Consensus} from "./Consensus.sol";
import {DealRecord} from "./Deals.sol";
import {Settlement} from "./Settlement.sol";
import {ContributionRecord, TaskRecord, Tasks} from "./Tasks.sol";

/// The classic task cycle.
contract TasksFacet is ITasks {
    using Consensus for Consensus.Tally;
    using Tasks for TaskRecord;

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
        Classic.State storage state = Classic.load();
        TaskRecord storage task = state.tasks[taskId];
        DealRecord storage deal = state.deals[task.dealid];
        ContributionRecord storage record = state.contributions[taskId][msg.sender];

        require(task.status == TaskStatus.ACTIVE);
        require(block.timestamp < task.contributionDeadline);
        require(record.status == ContributionStatus.UNSET);
        Authorisation.checkEnclavePresent(deal, enclaveChallenge);
        Authorisation.checkWorker(deal, taskId, enclaveChallenge, authorizationSign);
        Authorisation.checkEnclave(resultHash, resultSeal, enclaveChallenge, enclaveSign);

        Consensus.Tally storage tally = state.tallies[taskId];
        record.status = ContributionStatus.CONTRIBUTED;
        record.weight = tally.vote(resultHash, state.scores[msg.sender]);
        record.enclaveChallenge = enclaveChallenge;
        record.resultHash = resultHash;
        record.resultSeal = resultSeal;
        task.contributors.push(msg.sender);
        Ledger.lock(msg.sender, deal.workerStake);
        emit TaskContribute(taskId, msg.sender, resultHash);

        if (tally.accepts(resultHash, deal.trust)) _openReveal(task, taskId, resultHash);
    }

    /// @inheritdoc ITasks
    function reveal(bytes32 taskId, bytes32 resultDigest) external {
        Classic.State storage state = Classic.load();
        TaskRecord storage task = state.tasks[taskId];
        ContributionRecord storage record = state.contributions[taskId][msg.sender];

        require(task.status == TaskStatus.REVEALING);
        require(block.timestamp < task.revealDeadline);
        require(record.status == ContributionStatus.CONTRIBUTED);
        bytes32 resultHash = record.resultHash;
        require(resultHash == task.consensusValue);
        require(resultHash == Tasks.resultHash(taskId, resultDigest));
        require(record.resultSeal == Tasks.resultSeal(msg.sender, taskId, resultDigest));

        record.status = ContributionStatus.PROVED;
        task.revealCounter += 1;
        task.resultDigest = resultDigest;
        emit TaskReveal(taskId, msg.sender, resultDigest);
    }

    /// @inheritdoc ITasks
    function reopen(bytes32 taskId) external {
        Classic.State storage state = Classic.load();
        TaskRecord storage task = state.tasks[taskId];
        require(msg.sender == state.deals[task.dealid].workerpoolOwner);
        require(task.status == TaskStatus.REVEALING);
        require(block.timestamp < task.finalDeadline);
        require(block.timestamp >= task.revealDeadline && task.revealCounter == 0);

        bytes32 rejected = task.consensusValue;
        _rejectVoters(task, state.contributions[taskId], rejected);
        state.tallies[taskId].reject(rejected);
        task.status = TaskStatus.ACTIVE;
        task.revealDeadline = 0;
        task.winnerCounter = 0;
        task.consensusValue = 0;
        emit TaskReopen(taskId);
    }

    /// @inheritdoc ITasks
    function finalize(bytes32 taskId, bytes calldata results, bytes calldata resultsCallback) external {
        Classic.State storage state = Classic.load();
        TaskRecord storage task = state.tasks[taskId];
        DealRecord storage deal = state.deals[task.dealid];
        require(msg.sender == deal.workerpoolOwner);
        require(task.status == TaskStatus.REVEALING);
        require(block.timestamp < task.finalDeadline);
        require(
            task.revealCounter == task.winnerCounter
                || (task.revealCounter > 0 && block.timestamp >= task.revealDeadline)
        );
        address callback = deal.callback;
        Callback.check(callback, task.resultDigest, resultsCallback);

        task.status = TaskStatus.COMPLETED;
        task.results = results;
        task.resultsCallback = resultsCallback;
        Settlement.payProviders(deal, taskId);
        Settlement.payWorkers(task, deal, taskId);
        emit TaskFinalize(taskId, results);
        Callback.deliver(callback, taskId, resultsCallback);
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
    ) external {
        Classic.State storage state = Classic.load();
        TaskRecord storage task = state.tasks[taskId];
        DealRecord storage deal = state.deals[task.dealid];
        bytes32 resultHash = Tasks.resultHash(taskId, resultDigest);
        bytes32 resultSeal = Tasks.resultSeal(msg.sender, taskId, resultDigest);

        require(task.status == TaskStatus.ACTIVE);
        require(block.timestamp < task.contributionDeadline);
        require(task.contributors.length == 0);
        require(deal.trust == 1);
        Callback.check(deal.callback, resultDigest, resultsCallback);
        Authorisation.checkEnclavePresent(deal, enclaveChallenge);
        Authorisation.checkWorker(deal, taskId, enclaveChallenge, authorizationSign);
        Authorisation.checkEnclave(resultHash, resultSeal, enclaveChallenge, enclaveSign);

        _recordOnly(state.contributions[taskId][msg.sender], resultHash, resultSeal, enclaveChallenge);
        _completeWithOnly(task, resultHash, resultDigest);
        task.results = results;
        task.resultsCallback = resultsCallback;
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
        DealRecord storage deal = state.deals[dealId];
        taskId = Tasks.id(dealId, index);
        TaskRecord storage task = state.tasks[taskId];
        uint256 first = deal.botFirst;
        require(index >= first && index - first < deal.botSize);
        require(task.status == TaskStatus.UNSET);
        task.start(dealId, index, deal.startTime, Settings.load().categories[deal.category].workClockTimeRef);
        emit TaskInitialize(taskId, deal.workerpool);
    }

    function _claim(bytes32 taskId) private {
        Classic.State storage state = Classic.load();
        TaskRecord storage task = state.tasks[taskId];
        require(task.status == TaskStatus.ACTIVE || task.status == TaskStatus.REVEALING);
        require(block.timestamp >= task.finalDeadline);
        task.status = TaskStatus.FAILED;
        Settlement.refund(task, state.deals[task.dealid], taskId);
        emit TaskClaimed(taskId);
    }

    function _openReveal(TaskRecord storage task, bytes32 taskId, bytes32 value) private {
        task.winnerCounter = _countVoters(task, taskId, value);
        task.status = TaskStatus.REVEALING;
        task.consensusValue = value;
        task.revealDeadline = task.revealDeadlineFromNow();
        task.revealCounter = 0;
        emit TaskConsensus(taskId, value);
    }

    /// Voters for the value that no reopening rejected.
    function _countVoters(TaskRecord storage task, bytes32 taskId, bytes32 value) private view returns (uint32 voters) {
        mapping(address => ContributionRecord) storage records = Classic.load().contributions[taskId];
        address[] memory workers = task.contributors;
        for (uint256 i; i < workers.length; ++i) {
            ContributionRecord storage record = records[workers[i]];
            if (record.resultHash == value && record.status == ContributionStatus.CONTRIBUTED) ++voters;
        }
    }

    function _rejectVoters(
        TaskRecord storage task,
        mapping(address => ContributionRecord) storage records,
        bytes32 value
    ) private {
        address[] memory workers = task.contributors;
        for (uint256 i; i < workers.length; ++i) {
            ContributionRecord storage record = records[workers[i]];
            if (record.resultHash == value) record.status = ContributionStatus.REJECTED;
        }
    }

    function _recordOnly(
        ContributionRecord storage record,
        bytes32 resultHash,
        bytes32 resultSeal,
        address enclaveChallenge
    ) private {
        record.status = ContributionStatus.PROVED;
        record.enclaveChallenge = enclaveChallenge;
        record.resultHash = resultHash;
        record.resultSeal = resultSeal;
    }

    function _completeWithOnly(TaskRecord storage task, bytes32 resultHash, bytes32 resultDigest) private {
        task.status = TaskStatus.COMPLETED;
        task.revealDeadline = task.revealDeadlineFromNow();
        task.revealCounter = 1;
        task.winnerCounter = 1;
        task.consensusValue = resultHash;
        task.resultDigest = resultDigest;
        task.contributors.push(msg.sender);
    }
}
