// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Contribution, ContributionStatus} from "../interfaces/Views.sol";
import {Consensus} from "./Consensus.sol";
import {Outcome, Results} from "./Results.sol";
import {TaskHead} from "./TaskHead.sol";
import {TaskRecord, Tasks} from "./Tasks.sol";
import {Vote} from "./Vote.sol";

struct ContributionRecord {
    // slot 0
    Vote vote;
    // slot 1: zero again once proved, when it follows from the digest
    bytes32 resultSeal;
    // slot 2: only with the first vote for a value; the digest instead once the value is revealed
    bytes32 resultHash;
    // slot 3: only with an enclave
    address enclaveChallenge;
}

/// The contributions of a task: at most 255, in the order in which they came.
library Votes {
    /// One storage read for each vote.
    function loadVotes(TaskRecord storage task, TaskHead head) internal view returns (Vote[] memory votes) {
        votes = new Vote[](head.votes());
        for (uint256 i; i < votes.length; ++i) {
            votes[i] = task.contributions[i].vote;
        }
    }

    /// Position of the worker's vote; the number of votes when there is none.
    function positionOf(Vote[] memory votes, address worker) internal pure returns (uint256 i) {
        while (i < votes.length && !votes[i].isFrom(worker)) ++i;
    }

    /// Position of the worker's vote, without reading those after it. Empty revert when there is none.
    function findVote(TaskRecord storage task, TaskHead head, address worker) internal view returns (uint256 i) {
        uint256 count = head.votes();
        while (i < count && !task.contributions[i].vote.isFrom(worker)) ++i;
        require(i < count);
    }

    /// Value with this hash; the number of votes for a new one. Not after a reveal.
    function valueOf(TaskRecord storage task, Vote[] memory votes, bytes32 resultHash)
        internal
        view
        returns (uint256 value)
    {
        for (; value < votes.length; ++value) {
            if (votes[value].isFor(value) && task.contributions[value].resultHash == resultHash) break;
        }
    }

    /// Writes a vote at the end; the caller writes the head. The hash is kept with the first vote for a value.
    /// Panic 0x32 when there are 255 already.
    function addVote(
        TaskRecord storage task,
        TaskHead head,
        Vote vote,
        bytes32 resultHash,
        bytes32 resultSeal,
        address enclaveChallenge
    ) internal {
        uint256 position = head.votes();
        ContributionRecord storage record = task.contributions[position];
        record.vote = vote;
        record.resultSeal = resultSeal;
        if (vote.isFor(position)) record.resultHash = resultHash;
        if (vote.inEnclave()) record.enclaveChallenge = enclaveChallenge;
    }

    /// The votes with one more at the end.
    function append(Vote[] memory votes, Vote vote) internal pure returns (Vote[] memory longer) {
        longer = new Vote[](votes.length + 1);
        for (uint256 i; i < votes.length; ++i) {
            longer[i] = votes[i];
        }
        longer[votes.length] = vote;
    }

    /// Those who voted for the accepted value can neither reveal nor vote again.
    function rejectVoters(TaskRecord storage task, TaskHead head) internal {
        Vote[] memory votes = loadVotes(task, head);
        for (uint256 i; i < votes.length; ++i) {
            if (!votes[i].isFor(head.accepted())) continue;
            task.contributions[i].vote = votes[i].withStatus(ContributionStatus.REJECTED);
        }
    }

    /// Hash of a value.
    function hashOf(TaskRecord storage task, TaskHead head, bytes32 taskid, uint256 value)
        internal
        view
        returns (bytes32)
    {
        bytes32 stored = task.contributions[value].resultHash;
        return head.isRevealed() && head.accepted() == value ? Tasks.resultHash(taskid, stored) : stored;
    }

    /// Votes for a value that no reopening rejected.
    function countFor(Vote[] memory votes, uint256 value) internal pure returns (uint256 count) {
        for (uint256 i; i < votes.length; ++i) {
            if (votes[i].isFor(value) && !votes[i].has(ContributionStatus.REJECTED)) ++count;
        }
    }

    /// Whether everybody who voted for the value has proved it.
    function allRevealed(Vote[] memory votes, uint256 value) internal pure returns (bool) {
        return countProved(votes) == countFor(votes, value);
    }

    function countProved(Vote[] memory votes) internal pure returns (uint256 count) {
        for (uint256 i; i < votes.length; ++i) {
            if (votes[i].has(ContributionStatus.PROVED)) ++count;
        }
    }

    function workersOf(Vote[] memory votes) internal pure returns (address[] memory workers) {
        workers = new address[](votes.length);
        for (uint256 i; i < votes.length; ++i) {
            workers[i] = votes[i].worker();
        }
    }

    /// Zeroes for a worker that did not contribute.
    function view_(TaskRecord storage task, bytes32 taskid, address worker)
        internal
        view
        returns (Contribution memory out)
    {
        TaskHead head = task.head;
        if (head.hasOnlyWorker()) return _viewOnly(Results.outcomeOf(head.blob()), taskid, worker);
        Vote[] memory votes = loadVotes(task, head);
        uint256 position = positionOf(votes, worker);
        if (position == votes.length) return out;
        Vote vote = votes[position];
        ContributionRecord storage record = task.contributions[position];
        out.status = vote.status();
        out.resultHash = hashOf(task, head, taskid, vote.value());
        out.resultSeal = vote.has(ContributionStatus.PROVED)
            ? Tasks.resultSeal(worker, taskid, task.contributions[vote.value()].resultHash)
            : record.resultSeal;
        out.enclaveChallenge = record.enclaveChallenge;
        out.weight = Consensus.share(vote.weight());
    }

    function _viewOnly(Outcome memory outcome, bytes32 taskid, address worker)
        private
        pure
        returns (Contribution memory out)
    {
        if (worker != outcome.onlyWorker) return out;
        out.status = ContributionStatus.PROVED;
        out.resultHash = Tasks.resultHash(taskid, outcome.digest);
        out.resultSeal = Tasks.resultSeal(worker, taskid, outcome.digest);
        out.enclaveChallenge = outcome.enclaveChallenge;
    }
}
