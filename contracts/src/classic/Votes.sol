// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Contribution, ContributionStatus} from "../interfaces/Views.sol";
import {Consensus} from "./Consensus.sol";
import {TaskHead, TaskRecord, Tasks} from "./Tasks.sol";

/// What counts of a contribution, in one word.
struct Vote {
    address worker;
    ContributionStatus status;
    /// the value voted for: position of the first vote for it
    uint8 value;
    /// odds the worker adds, from its score at the time; zero when there was no vote to win
    uint32 weight;
    bool inEnclave;
}

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
    function loadVotes(TaskRecord storage task) internal view returns (Vote[] memory votes) {
        votes = new Vote[](task.head.votes);
        for (uint256 i; i < votes.length; ++i) {
            votes[i] = task.contributions[i].vote;
        }
    }

    /// Position of the worker's vote; the number of votes when there is none.
    function positionOf(Vote[] memory votes, address worker) internal pure returns (uint256 i) {
        while (i < votes.length && votes[i].worker != worker) ++i;
    }

    /// Position of the worker's vote, without reading those after it. Empty revert when there is none.
    function findVote(TaskRecord storage task, TaskHead memory head, address worker)
        internal
        view
        returns (uint256 i)
    {
        while (i < head.votes && task.contributions[i].vote.worker != worker) ++i;
        require(i < head.votes);
    }

    /// The votes with one more at the end.
    function append(Vote[] memory votes, Vote memory vote) internal pure returns (Vote[] memory longer) {
        longer = new Vote[](votes.length + 1);
        for (uint256 i; i < votes.length; ++i) {
            longer[i] = votes[i];
        }
        longer[votes.length] = vote;
    }

    /// Writes a vote; the caller writes the head. The hash is kept with the first vote for a value.
    /// Panic 0x11 after 255 votes.
    function addVote(
        TaskRecord storage task,
        TaskHead memory head,
        Vote memory vote,
        bytes32 resultHash,
        address enclaveChallenge
    ) internal {
        uint8 position = head.votes++;
        ContributionRecord storage record = task.contributions[position];
        record.vote = vote;
        if (vote.value == position) record.resultHash = resultHash;
        if (vote.inEnclave) record.enclaveChallenge = enclaveChallenge;
    }

    /// Those who voted for the accepted value can neither reveal nor vote again.
    function rejectVoters(TaskRecord storage task, TaskHead memory head) internal {
        for (uint256 i; i < head.votes; ++i) {
            Vote storage vote = task.contributions[i].vote;
            if (vote.value == head.accepted) vote.status = ContributionStatus.REJECTED;
        }
    }

    /// Value with this hash; the number of votes for a new one. Not after a reveal.
    function valueOf(TaskRecord storage task, Vote[] memory votes, bytes32 resultHash)
        internal
        view
        returns (uint256 value)
    {
        for (; value < votes.length; ++value) {
            if (votes[value].value == value && task.contributions[value].resultHash == resultHash) break;
        }
    }

    /// Hash of a value.
    function hashOf(TaskRecord storage task, bytes32 taskid, uint256 value) internal view returns (bytes32) {
        bytes32 stored = task.contributions[value].resultHash;
        TaskHead memory head = task.head;
        return head.revealed && head.accepted == value ? Tasks.resultHash(taskid, stored) : stored;
    }

    /// Votes for a value that no reopening rejected.
    function countFor(Vote[] memory votes, uint256 value) internal pure returns (uint256 count) {
        for (uint256 i; i < votes.length; ++i) {
            if (votes[i].value == value && votes[i].status != ContributionStatus.REJECTED) ++count;
        }
    }

    function countProved(Vote[] memory votes) internal pure returns (uint256 count) {
        for (uint256 i; i < votes.length; ++i) {
            if (votes[i].status == ContributionStatus.PROVED) ++count;
        }
    }

    function workersOf(Vote[] memory votes) internal pure returns (address[] memory workers) {
        workers = new address[](votes.length);
        for (uint256 i; i < votes.length; ++i) {
            workers[i] = votes[i].worker;
        }
    }

    /// Zeroes for a worker that did not contribute.
    function view_(TaskRecord storage task, bytes32 taskid, address worker)
        internal
        view
        returns (Contribution memory out)
    {
        Vote[] memory votes = loadVotes(task);
        uint256 position = positionOf(votes, worker);
        if (position == votes.length) return out;
        Vote memory vote = votes[position];
        ContributionRecord storage record = task.contributions[position];
        out.status = vote.status;
        out.resultHash = hashOf(task, taskid, vote.value);
        out.resultSeal = vote.status == ContributionStatus.PROVED
            ? Tasks.resultSeal(worker, taskid, task.contributions[vote.value].resultHash)
            : record.resultSeal;
        if (vote.inEnclave) out.enclaveChallenge = record.enclaveChallenge;
        out.weight = Consensus.share(vote.weight);
    }
}
