// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Blob} from "../blobs/Blob.sol";
import {Task, TaskStatus} from "../interfaces/Views.sol";
import {Classic} from "./Classic.sol";
import {Deals} from "./Deals.sol";
import {Results} from "./Results.sol";
import {Terms} from "./Terms.sol";
import {ContributionRecord, Vote, Votes} from "./Votes.sol";

/// The word of a task: read by every step, written by most.
struct TaskHead {
    /// the deal's terms; once completed, the results, which begin with the address of the terms
    Blob blob;
    TaskStatus status;
    /// end of the reveal phase in seconds; zero while there is no consensus
    uint40 revealDeadline;
    uint8 votes;
    /// value of the consensus: position of the first vote for it; says nothing without a reveal deadline
    uint8 accepted;
    /// whether the digest is known; it then stands where the hash of the accepted value stood
    bool revealed;
    /// number of the task in its request order; INDEX_ELSEWHERE for a larger one, kept apart
    uint24 idx;
}

struct TaskRecord {
    // slot 0
    TaskHead head;
    // slots 1 to 1020, four for each; in the order of voting
    ContributionRecord[255] contributions;
}

/// Identity, clocks and views of tasks. All clocks but the reveal's run from the deal's start.
library Tasks {
    using Votes for TaskRecord;

    uint256 internal constant CONTRIBUTION_DEADLINE_RATIO = 7;
    uint256 internal constant REVEAL_DEADLINE_RATIO = 2;
    uint256 internal constant FINAL_DEADLINE_RATIO = 10;
    uint24 internal constant INDEX_ELSEWHERE = type(uint24).max;

    function id(bytes32 dealid, uint256 idx) internal pure returns (bytes32) {
        return keccak256(abi.encode(dealid, idx));
    }

    /// Commitment shared by all workers with the same digest.
    function resultHash(bytes32 taskid, bytes32 digest) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(taskid, digest));
    }

    /// Commitment bound to one worker.
    function resultSeal(address worker, bytes32 taskid, bytes32 digest) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(worker, taskid, digest));
    }

    /// Starts a task. Reverts when the category's time is so long that the last deadline does not fit 40 bits.
    function start(TaskRecord storage task, bytes32 taskid, Blob blob, Terms memory terms, uint256 idx) internal {
        SafeCast.toUint40(finalDeadline(terms));
        TaskHead memory head;
        head.blob = blob;
        head.status = TaskStatus.ACTIVE;
        head.idx = uint24(idx);
        if (idx >= INDEX_ELSEWHERE) {
            head.idx = INDEX_ELSEWHERE;
            Classic.load().largeIndexes[taskid] = idx;
        }
        task.head = head;
    }

    /// Terms of the deal of a task in this state; zeroes for an unknown task.
    function deal(TaskHead memory head) internal view returns (Terms memory) {
        return Deals.read(head.status == TaskStatus.COMPLETED ? Results.termsOf(head.blob) : head.blob);
    }

    /// First second in which nobody may contribute any more.
    function contributionDeadline(Terms memory terms) internal pure returns (uint256) {
        return terms.startTime + terms.timeref * CONTRIBUTION_DEADLINE_RATIO;
    }

    /// First second in which the task can only be claimed.
    function finalDeadline(Terms memory terms) internal pure returns (uint256) {
        return terms.startTime + terms.timeref * FINAL_DEADLINE_RATIO;
    }

    /// End of the reveal phase of a consensus reached now.
    function revealDeadlineFromNow(Terms memory terms) internal view returns (uint40) {
        return SafeCast.toUint40(block.timestamp + terms.timeref * REVEAL_DEADLINE_RATIO);
    }

    /// Zeroes for an unknown task.
    function view_(bytes32 taskid) internal view returns (Task memory out) {
        TaskRecord storage task = Classic.load().tasks[taskid];
        TaskHead memory head = task.head;
        if (head.status == TaskStatus.UNSET) return out;
        Terms memory terms = deal(head);
        out.status = head.status;
        out.dealid = terms.dealid;
        out.idx = head.idx == INDEX_ELSEWHERE ? Classic.load().largeIndexes[taskid] : head.idx;
        out.timeref = terms.timeref;
        out.contributionDeadline = contributionDeadline(terms);
        out.revealDeadline = head.revealDeadline;
        out.finalDeadline = finalDeadline(terms);
        Vote[] memory votes = task.loadVotes();
        if (head.revealDeadline > 0) {
            out.consensusValue = task.hashOf(taskid, head.accepted);
            out.winnerCounter = Votes.countFor(votes, head.accepted);
        }
        out.revealCounter = Votes.countProved(votes);
        out.contributors = Votes.workersOf(votes);
        if (head.revealed) out.resultDigest = task.contributions[head.accepted].resultHash;
        if (head.status == TaskStatus.COMPLETED) (out.results, out.resultsCallback) = Results.load(head.blob, taskid);
    }
}
