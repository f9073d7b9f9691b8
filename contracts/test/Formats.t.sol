// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Blob, writeBlob} from "../src/blobs/Blob.sol";
import {Reader} from "../src/blobs/Reader.sol";
import {Outcome, Results} from "../src/classic/Results.sol";
import {TaskHead, newTask} from "../src/classic/TaskHead.sol";
import {Terms, TermsFormat} from "../src/classic/Terms.sol";
import {Vote, newVote} from "../src/classic/Vote.sol";
import {Account} from "../src/escrow/Account.sol";
import {ContributionStatus, TaskStatus} from "../src/interfaces/Views.sol";
import {TestBase} from "./support/TestBase.sol";

/// Words and blobs that live on chain for good: what is written is read back, and stays as snapshots/formats.json has it.
contract FormatsTest is TestBase {
    // -- examples that must not change

    function test_WordsAreThoseOfTheSnapshot() public view {
        Account account = Account.wrap(0).credited(5e9).locked(2e9).withScore(7);
        same(abi.encode(account), ".account");
        same(abi.encode(newVote(address(0xA11CE), ContributionStatus.PROVED, 3, 32, true)), ".vote");
        same(abi.encode(exampleHead()), ".task");
    }

    function test_BlobsAreThoseOfTheSnapshot() public {
        same(this.pack(smallTerms(), "{}"), ".terms");
        same(this.pack(largeTerms(), ""), ".termsWithEverything");
        Blob terms = Blob.wrap(address(0x7E43));
        Blob blob = this.store(Outcome(terms, address(0), 0, address(0)), "where", "data");
        same(blob.read(), ".results");
        blob = this.store(Outcome(terms, address(0xA11CE), "digest", address(0xE7C)), "where", "");
        same(blob.read(), ".resultsOfOnlyWorker");
    }

    // -- round trips

    function testFuzz_Account(uint96 free, uint96 frozen, uint32 score, uint96 amount) public pure {
        (free, frozen) = (free / 2, frozen / 2);
        Account account = Account.wrap(0).credited(free).frozenMore(frozen).withScore(score);
        eq(account.free(), free, "free");
        eq(account.frozen(), frozen, "frozen");
        eq(account.score(), score, "score");
        amount = uint96(bound(amount, 0, free));
        Account locked = account.locked(amount);
        eq(locked.free(), free - amount, "free after locking");
        eq(locked.frozen(), uint256(frozen) + amount, "frozen after locking");
        eq(locked.score(), score, "score after locking");
        eq(Account.unwrap(locked.unlocked(amount)), Account.unwrap(account), "unlocked again");
        eq(locked.frozenLess(amount).frozen(), frozen, "seized");
    }

    function testFuzz_NoMoreThawsThanIsFrozen(uint96 frozen, uint256 more) public {
        Account account = Account.wrap(0).credited(1).frozenMore(frozen);
        expectPanic(0x11);
        this.thaw(account, bound(more, uint256(frozen) + 1, type(uint256).max - 1));
    }

    function testFuzz_Vote(address worker, uint8 status, uint8 value, uint32 weight, bool inEnclave) public pure {
        ContributionStatus s = ContributionStatus(status % 4);
        Vote vote = newVote(worker, s, value, weight, inEnclave);
        ok(vote.isFrom(worker) && vote.has(s) && vote.isFor(value), "who, how, what");
        eq(vote.weight(), weight, "weight");
        ok(vote.inEnclave() == inEnclave, "enclave");
        Vote other = vote.withStatus(ContributionStatus.REJECTED);
        ok(other.has(ContributionStatus.REJECTED), "new status");
        eq(Vote.unwrap(other.withStatus(s)), Vote.unwrap(vote), "the rest stays");
    }

    function testFuzz_Task(address terms, address results, uint256 index, uint8 votes, uint8 value, uint40 deadline)
        public
        pure
    {
        TaskHead head = newTask(Blob.wrap(terms), index).withVotes(votes);
        ok(head.has(TaskStatus.ACTIVE) && Blob.unwrap(head.blob()) == terms, "new");
        eq(head.index(), index < type(uint24).max ? index : type(uint24).max, "index");
        TaskHead revealing = head.withConsensus(value, deadline);
        ok(revealing.has(TaskStatus.REVEALING) && !revealing.isRevealed(), "consensus");
        ok(revealing.accepted() == value && revealing.revealDeadline() == deadline, "value and deadline");
        eq(TaskHead.unwrap(revealing.withoutConsensus()), TaskHead.unwrap(head), "reopened");
        TaskHead ended = revealing.withReveal().completed(Blob.wrap(results));
        ok(ended.has(TaskStatus.COMPLETED) && Blob.unwrap(ended.blob()) == results && ended.isRevealed(), "ended");
        ok(ended.votes() == votes && ended.accepted() == value && ended.index() == head.index(), "the rest stays");
        ok(ended.hasOnlyWorker() == (votes == 0), "only worker");
    }

    /// `present` blanks fields, `width` makes the numbers small or large.
    function testFuzz_Terms(Terms memory t, bytes calldata params, uint8 present, uint8 width) public view {
        if (present & 1 == 0) t.sponsor = t.requester;
        if (present & 2 == 0) t.beneficiary = t.requester;
        if (present & 4 == 0) t.callback = address(0);
        if (present & 8 == 0) (t.dataset, t.datasetOwner) = (address(0), address(0));
        else if (t.dataset == address(0)) t.dataset = address(1);
        if (present & 16 == 0) t.tag = 0;
        uint256 shift = 256 - 8 * bound(width, 1, 32);
        (t.appPrice, t.datasetPrice) = (t.appPrice >> shift, t.datasetPrice >> shift);
        (t.workerpoolPrice, t.workerStake) = (t.workerpoolPrice >> shift, t.workerStake >> shift);
        (t.schedulerRewardRatio, t.category) = (t.schedulerRewardRatio >> shift, t.category >> shift);
        (t.timeref, t.startTime, t.trust) = (t.timeref >> shift, t.startTime >> shift, t.trust >> shift);
        (t.botFirst, t.botSize) = (t.botFirst >> shift, t.botSize >> shift);
        (Terms memory back, bytes memory rest) = unpack(this.pack(t, params));
        eq(abi.encode(back), abi.encode(t), "terms");
        eq(rest, params, "params");
    }

    /// Numbers are as wide as the largest, also when two are the largest and the others are nothing.
    function test_TermsAreAsWideAsTheirLargestNumbers() public view {
        for (uint256 i; i < 11; ++i) {
            for (uint256 j = i; j < 11; ++j) {
                Terms memory t = smallTerms();
                for (uint256 k; k < 11; ++k) {
                    setNumber(t, k, k == i || k == j ? 1 << 200 : 0);
                }
                (Terms memory back, bytes memory rest) = unpack(this.pack(t, "{}"));
                eq(abi.encode(back), abi.encode(t), "terms");
                eq(rest, "{}", "params");
            }
        }
    }

    /// What is not there takes no room, and what follows it is read all the same.
    function test_EachPartOfTheTermsTakesItsOwnBytes() public view {
        uint256 least = this.pack(smallTerms(), "").length;
        for (uint256 parts; parts < 32; ++parts) {
            Terms memory t = smallTerms();
            if (parts & 1 != 0) t.sponsor = address(10);
            if (parts & 2 != 0) t.beneficiary = address(8);
            if (parts & 4 != 0) t.callback = address(9);
            if (parts & 8 != 0) (t.dataset, t.datasetOwner) = (address(6), address(7));
            if (parts & 16 != 0) t.tag = bytes32(uint256(3));
            bytes memory packed = this.pack(t, "{}");
            uint256 addresses = (parts & 1) + (parts >> 1 & 1) + (parts >> 2 & 1) + 2 * (parts >> 3 & 1);
            eq(packed.length, least + 20 * addresses + 32 * (parts >> 4) + 2, "size");
            eq(uint8(packed[0]), parts, "flags");
            (Terms memory back, bytes memory rest) = unpack(packed);
            eq(abi.encode(back), abi.encode(t), "terms");
            eq(rest, "{}", "params");
        }
    }

    function testFuzz_Results(address worker, bytes32 digest, address enclave, bytes calldata a, bytes calldata b)
        public
    {
        if (worker == address(0)) digest = 0;
        Outcome memory outcome = Outcome(Blob.wrap(address(0x7E43)), worker, digest, enclave);
        Blob blob = this.store(outcome, a, b);
        eq(abi.encode(Results.outcomeOf(blob)), abi.encode(outcome), "outcome");
        (bytes memory results, bytes memory data) = Results.load(blob, 0);
        eq(results, a, "results");
        eq(data, b, "callback data");
    }

    function testFuzz_Blob(bytes memory data) public {
        bytes memory before = bytes.concat(data);
        Blob blob = writeBlob(data);
        eq(data, before, "the argument stays");
        eq(blob.read(), data, "content");
        (bool success, bytes memory answer) = Blob.unwrap(blob).call("anything");
        ok(success && answer.length == 0, "calling a blob does nothing");
    }

    function test_BlobSizes() public {
        eq(writeBlob("").read(), "", "empty");
        eq(Blob.wrap(address(0)).read(), "", "none");
        bytes memory most = new bytes(24_575);
        most[24_574] = 0x01;
        eq(writeBlob(most).read(), most, "largest");
        expectEmpty();
        this.write(new bytes(24_576));
    }

    // -- doors for calldata and reverts

    function pack(Terms memory t, bytes calldata params) external pure returns (bytes memory) {
        return TermsFormat.pack(t, params);
    }

    function store(Outcome memory outcome, bytes calldata results, bytes calldata data) external returns (Blob) {
        return Results.store("task", outcome, results, data);
    }

    function thaw(Account account, uint256 amount) external pure returns (Account) {
        return account.frozenLess(amount);
    }

    function write(bytes memory data) external returns (Blob) {
        return writeBlob(data);
    }

    // -- examples

    function smallTerms() private pure returns (Terms memory t) {
        t.dealid = "deal";
        (t.app, t.appOwner, t.appPrice) = (address(1), address(2), 1_000_000);
        (t.workerpool, t.workerpoolOwner, t.workerpoolPrice) = (address(3), address(4), 100_000_000);
        (t.workerStake, t.schedulerRewardRatio) = (30_000_000, 1);
        (t.requester, t.beneficiary, t.sponsor) = (address(5), address(5), address(5));
        (t.category, t.timeref, t.startTime) = (1, 1200, 1_700_000_000);
        (t.botFirst, t.botSize, t.trust) = (10, 20, 8);
    }

    function setNumber(Terms memory t, uint256 k, uint256 value) private pure {
        if (k == 0) t.appPrice = value;
        if (k == 1) t.datasetPrice = value;
        if (k == 2) t.workerpoolPrice = value;
        if (k == 3) t.workerStake = value;
        if (k == 4) t.schedulerRewardRatio = value;
        if (k == 5) t.category = value;
        if (k == 6) t.timeref = value;
        if (k == 7) t.startTime = value;
        if (k == 8) t.botFirst = value;
        if (k == 9) t.botSize = value;
        if (k == 10) t.trust = value;
    }

    function largeTerms() private pure returns (Terms memory t) {
        t = smallTerms();
        (t.dataset, t.datasetOwner, t.datasetPrice) = (address(6), address(7), 500_000);
        (t.beneficiary, t.callback, t.sponsor) = (address(8), address(9), address(10));
        (t.tag, t.trust) = (bytes32(uint256(3)), type(uint256).max);
    }

    function exampleHead() private pure returns (TaskHead) {
        return newTask(Blob.wrap(address(0x7E43)), 41).withVotes(3).withConsensus(1, 1_700_000_600).withReveal();
    }

    function unpack(bytes memory packed) private pure returns (Terms memory t, bytes memory params) {
        Reader rest = TermsFormat.unpack(packed, t);
        params = rest.takeRest(packed);
    }

    function same(bytes memory got, string memory key) private view {
        eq(got, vm.parseJsonBytes(vm.readFile("snapshots/formats.json"), key), key);
    }
}
