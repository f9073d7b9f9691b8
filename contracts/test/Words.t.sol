// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Blob} from "../src/blobs/Blob.sol";
import {TaskHead} from "../src/classic/TaskHead.sol";
import {TaskRecord} from "../src/classic/Tasks.sol";
import {Vote, newVote} from "../src/classic/Vote.sol";
import {Votes} from "../src/classic/Votes.sol";
import {Account} from "../src/escrow/Account.sol";
import {ContributionStatus, TaskStatus} from "../src/interfaces/Views.sol";
import {TestBase} from "./support/TestBase.sol";

/// Packed words: a field is all of its bits and no other, whatever stands beside it.
contract WordsTest is TestBase {
    TaskRecord private record;

    uint256 private constant ONES = type(uint256).max;

    function test_AccountFields() public pure {
        (uint256 free, uint256 frozen, uint256 score) = (mask(0, 96), mask(96, 96), mask(192, 32));
        eq(Account.wrap(free).free(), 2 ** 96 - 1, "free");
        eq(Account.wrap(~free).free(), 0, "not free");
        eq(Account.wrap(frozen).frozen(), 2 ** 96 - 1, "frozen");
        eq(Account.wrap(~frozen).frozen(), 0, "not frozen");
        eq(Account.wrap(score).score(), 2 ** 32 - 1, "score");
        eq(Account.wrap(~score).score(), 0, "no score");
        eq(Account.unwrap(Account.wrap(0).withScore(2 ** 32 - 1)), score, "written");
        eq(Account.unwrap(Account.wrap(ONES).withScore(0)), ~score, "blanked");
    }

    function test_VoteFields() public pure {
        eq(Vote.wrap(mask(0, 160)).worker(), address(type(uint160).max), "worker");
        eq(Vote.wrap(~mask(0, 160)).worker(), address(0), "no worker");
        eq(Vote.wrap(mask(168, 8)).value(), 255, "value");
        eq(Vote.wrap(~mask(168, 8)).value(), 0, "no value");
        eq(Vote.wrap(mask(176, 32)).weight(), 2 ** 32 - 1, "weight");
        eq(Vote.wrap(~mask(176, 32)).weight(), 0, "no weight");
        for (uint256 bit; bit < 8; ++bit) {
            ok(Vote.wrap(1 << (208 + bit)).inEnclave(), "enclave");
        }
        ok(!Vote.wrap(~mask(208, 8)).inEnclave(), "no enclave");
        ok(Vote.wrap(~mask(160, 8)).has(ContributionStatus.UNSET), "no status");
        eq(uint256(Vote.wrap(~mask(160, 8)).status()), 0, "no status");
        for (uint256 bit; bit < 8; ++bit) {
            ok(!Vote.wrap(1 << (160 + bit)).has(ContributionStatus.UNSET), "another status");
        }
        Vote rejected = Vote.wrap(ONES).withStatus(ContributionStatus.REJECTED);
        eq(Vote.unwrap(rejected), ~mask(160, 8) | uint256(ContributionStatus.REJECTED) << 160, "status written");
        eq(uint256(rejected.status()), uint256(ContributionStatus.REJECTED), "status read");
    }

    function test_TaskFields() public pure {
        eq(Blob.unwrap(TaskHead.wrap(mask(0, 160)).blob()), address(type(uint160).max), "blob");
        eq(Blob.unwrap(TaskHead.wrap(~mask(0, 160)).blob()), address(0), "no blob");
        eq(TaskHead.wrap(mask(168, 40)).revealDeadline(), 2 ** 40 - 1, "deadline");
        eq(TaskHead.wrap(~mask(168, 40)).revealDeadline(), 0, "no deadline");
        eq(TaskHead.wrap(mask(208, 8)).votes(), 255, "votes");
        eq(TaskHead.wrap(~mask(208, 8)).votes(), 0, "no votes");
        eq(TaskHead.wrap(mask(216, 8)).accepted(), 255, "accepted");
        eq(TaskHead.wrap(~mask(216, 8)).accepted(), 0, "nothing accepted");
        eq(TaskHead.wrap(mask(232, 24)).index(), 2 ** 24 - 1, "index");
        eq(TaskHead.wrap(~mask(232, 24)).index(), 0, "no index");
        for (uint256 bit; bit < 8; ++bit) {
            ok(TaskHead.wrap(1 << (224 + bit)).isRevealed(), "revealed");
            ok(!TaskHead.wrap(1 << (160 + bit)).has(TaskStatus.UNSET), "another status");
        }
        ok(!TaskHead.wrap(~mask(224, 8)).isRevealed(), "not revealed");
        ok(TaskHead.wrap(~mask(160, 8)).has(TaskStatus.UNSET), "no status");
        eq(uint256(TaskHead.wrap(~mask(160, 8)).status()), 0, "no status");
        eq(uint256(TaskHead.wrap(uint256(TaskStatus.FAILED) << 160).status()), uint256(TaskStatus.FAILED), "status");
    }

    function test_TaskFieldsAreWrittenAlone() public pure {
        TaskHead ones = TaskHead.wrap(ONES);
        eq(TaskHead.unwrap(ones.withVotes(0)), ~mask(208, 8), "votes");
        eq(TaskHead.unwrap(ones.withStatus(TaskStatus.UNSET)), ~mask(160, 8), "status");
        uint256 fixedBits = ~(mask(160, 8) | mask(168, 40) | mask(216, 8));
        uint256 revealing = uint256(TaskStatus.REVEALING) << 160;
        eq(TaskHead.unwrap(ones.withConsensus(0, 0)), fixedBits | revealing, "consensus");
        eq(
            TaskHead.unwrap(TaskHead.wrap(0).withConsensus(255, 2 ** 40 - 1)),
            mask(168, 40) | mask(216, 8) | revealing,
            "c"
        );
        eq(TaskHead.unwrap(ones.withoutConsensus()), fixedBits | uint256(TaskStatus.ACTIVE) << 160, "none");
        eq(TaskHead.unwrap(ones.withReveal()), ~mask(224, 8) | 1 << 224, "reveal");
        uint256 ended = ~(mask(0, 160) | mask(160, 8)) | uint256(TaskStatus.COMPLETED) << 160;
        eq(TaskHead.unwrap(ones.completed(Blob.wrap(address(0)))), ended, "completed");
    }

    /// A status that there is none of is no status, whichever of its bits is wrong.
    function test_UnknownStatusesPanic() public {
        for (uint256 bit = 3; bit < 8; ++bit) {
            expectPanic(0x21);
            this.statusOfTask(TaskHead.wrap(1 << (160 + bit)));
            expectPanic(0x21);
            this.statusOfVote(Vote.wrap(1 << (160 + bit)));
        }
    }

    function statusOfTask(TaskHead head) external pure returns (TaskStatus) {
        return head.status();
    }

    function statusOfVote(Vote vote) external pure returns (ContributionStatus) {
        return vote.status();
    }

    /// Every vote is found at its place, and who has none is nowhere, however many votes there are.
    function test_VotesAreFoundWhereTheyAre() public {
        for (uint256 i; i < 255; ++i) {
            record.contributions[i].vote = newVote(address(uint160(i + 1)), ContributionStatus.CONTRIBUTED, 0, 2, false);
        }
        uint256[3] memory counts = [uint256(1), 254, 255];
        for (uint256 i; i < 3; ++i) {
            uint256 count = counts[i];
            eq(this.find(count, address(uint160(count))), count - 1, "the last one");
            expectEmpty();
            this.find(count, address(uint160(count + 1)));
        }
    }

    function find(uint256 count, address worker) external view returns (uint256) {
        return Votes.findVote(record, TaskHead.wrap(0).withVotes(count), worker);
    }

    function mask(uint256 offset, uint256 size) private pure returns (uint256) {
        return (2 ** size - 1) << offset;
    }
}
