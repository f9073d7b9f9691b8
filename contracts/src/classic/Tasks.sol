// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Blob} from "../blobs/Blob.sol";
import {Task, TaskStatus} from "../interfaces/Views.sol";
import {Classic} from "./Classic.sol";
import {Deals} from "./Deals.sol";
import {Outcome, Results} from "./Results.sol";
import {INDEX_ELSEWHERE, TaskHead, newTask} from "./TaskHead.sol";
import {Terms} from "./Terms.sol";
import {Vote} from "./Vote.sol";
import {ContributionRecord, Votes} from "./Votes.sol";

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
    function start(TaskRecord storage task, bytes32 taskid, Blob blob, Terms memory deal, uint256 index) internal {
        SafeCast.toUint40(finalDeadline(deal));
        task.head = newTask(blob, index);
        if (index >= INDEX_ELSEWHERE) Classic.load().largeIndexes[taskid] = index;
    }

    /// Terms of the task's deal; empty for an unknown task.
    function terms(TaskHead head) internal view returns (Blob) {
        return head.has(TaskStatus.COMPLETED) ? Results.outcomeOf(head.blob()).terms : head.blob();
    }

    /// First second in which nobody may contribute any more.
    function contributionDeadline(Terms memory deal) internal pure returns (uint256) {
        return deal.startTime + deal.timeref * CONTRIBUTION_DEADLINE_RATIO;
    }

    /// First second in which the task can only be claimed.
    function finalDeadline(Terms memory deal) internal pure returns (uint256) {
        return deal.startTime + deal.timeref * FINAL_DEADLINE_RATIO;
    }

    /// End of the reveal phase of a consensus reached now.
    function revealDeadlineFromNow(Terms memory deal) internal view returns (uint256) {
        return SafeCast.toUint40(block.timestamp + deal.timeref * REVEAL_DEADLINE_RATIO);
    }

    /// Zeroes for an unknown task.
    function view_(bytes32 taskid) internal view returns (Task memory out) {
        TaskRecord storage task = Classic.load().tasks[taskid];
        TaskHead head = task.head;
        if (head.has(TaskStatus.UNSET)) return out;
        _fillFromTerms(out, terms(head));
        out.status = head.status();
        out.idx = head.index() == INDEX_ELSEWHERE ? Classic.load().largeIndexes[taskid] : head.index();
        out.revealDeadline = head.revealDeadline();
        if (head.has(TaskStatus.COMPLETED)) (out.results, out.resultsCallback) = Results.load(head.blob(), taskid);
        if (head.hasOnlyWorker()) _fillFromOnlyWorker(out, taskid, Results.outcomeOf(head.blob()));
        else _fillFromVotes(out, taskid, task, head);
    }

    function _fillFromTerms(Task memory out, Blob blob) private view {
        Terms memory deal;
        Deals.load(deal, blob);
        out.dealid = deal.dealid;
        out.timeref = deal.timeref;
        out.contributionDeadline = contributionDeadline(deal);
        out.finalDeadline = finalDeadline(deal);
    }

    function _fillFromVotes(Task memory out, bytes32 taskid, TaskRecord storage task, TaskHead head) private view {
        Vote[] memory votes = task.loadVotes(head);
        if (out.revealDeadline > 0) {
            out.consensusValue = task.hashOf(head, taskid, head.accepted());
            out.winnerCounter = Votes.countFor(votes, head.accepted());
        }
        out.revealCounter = Votes.countProved(votes);
        out.contributors = Votes.workersOf(votes);
        if (head.isRevealed()) out.resultDigest = task.contributions[head.accepted()].resultHash;
    }

    function _fillFromOnlyWorker(Task memory out, bytes32 taskid, Outcome memory outcome) private pure {
        out.consensusValue = resultHash(taskid, outcome.digest);
        out.resultDigest = outcome.digest;
        (out.winnerCounter, out.revealCounter) = (1, 1);
        out.contributors = new address[](1);
        out.contributors[0] = outcome.onlyWorker;
    }
}
