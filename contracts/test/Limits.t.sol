// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Contribution, ContributionStatus, Deal, Task, TaskStatus} from "../src/interfaces/Views.sol";
import {Market} from "./support/Market.sol";

/// What does not fit the compact forms: long texts, large numbers, many contributions; and the compact form of the task
/// that one worker ended.
contract LimitsTest is Market {
    function test_LongParams() public {
        Orders memory o = withoutDataset(draft());
        o.request.params = string(text(30_000));
        bytes32 taskid = startTask(o);
        Deal memory d = hub.viewDeal(hub.viewTask(taskid).dealid);
        eq(bytes(d.params), bytes(o.request.params), "params");
        ok(d.requester == requester && d.botSize == 1, "the terms stay in the blob");
    }

    function test_LongResults() public {
        Orders memory o = draft();
        o.request.callback = stranger;
        o.request.trust = 1;
        bytes memory data = text(20_000);
        bytes memory results = text(10_000);
        bytes32 taskid = startTask(o);
        contribute(0, taskid, keccak256(data));
        reveal(0, taskid, keccak256(data));
        vm.prank(poolOwner);
        hub.finalize(taskid, results, data);
        Task memory t = hub.viewTask(taskid);
        eq(t.results, results, "results");
        eq(t.resultsCallback, data, "callback data");
        eq(hub.resultFor(taskid), data, "result for contracts");
        eq(t.dealid, hub.viewTask(taskid).dealid, "terms");
    }

    function test_LargeIndexes() public {
        bytes32 dealid = matchAll(sign(free_(1 << 25)));
        uint256[3] memory indexes = [uint256(type(uint24).max) - 1, type(uint24).max, uint256(type(uint24).max) + 1];
        for (uint256 i; i < 3; ++i) {
            eq(hub.viewTask(hub.initialize(dealid, indexes[i])).idx, indexes[i], "index");
        }
    }

    function test_LargestNumbers() public {
        Orders memory o = free_(type(uint256).max);
        (o.request.trust, o.workerpool.trust) = (type(uint256).max, type(uint256).max);
        Deal memory d = hub.viewDeal(matchAll(sign(o)));
        eq(d.botSize, type(uint256).max, "size");
        eq(d.trust, type(uint256).max, "trust");
        eq(d.startTime, vm.getBlockTimestamp(), "start");
    }

    function test_LongestCategory() public {
        vm.prank(OWNER);
        uint256 category = hub.createCategory("for ever", "", type(uint256).max);
        Orders memory o = free_(1);
        (o.request.category, o.workerpool.category) = (category, category);
        bytes32 dealid = matchAll(sign(o));
        vm.expectRevert();
        hub.initialize(dealid, 0);
    }

    /// Scores stay at the largest number that an account holds, and such a worker still weighs what it should.
    function test_LargestScore() public {
        setScore(worker(0), type(uint32).max);
        bytes32 taskid = startTask(8);
        contribute(0, taskid, DIGEST);
        expectStatus(taskid, TaskStatus.REVEALING);
        eq(hub.viewContribution(taskid, worker(0)).weight, 30, "log2 of a third of 2^32, less one");
    }

    function test_TheLargestScoreCannotBeRaised() public {
        setScore(worker(1), type(uint32).max);
        bytes32 taskid = startTask(3);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        reveal(0, taskid, DIGEST);
        reveal(1, taskid, DIGEST);
        finalize(taskid);
        eq(hub.viewScore(worker(1)), type(uint32).max, "score");
    }

    function test_AtMost255Contributions() public {
        Orders memory o = free_(1);
        (o.request.trust, o.workerpool.trust) = (1e6, 1e6);
        bytes32 taskid = startTask(o);
        for (uint256 i; i < 255; ++i) {
            contribute(i, taskid, bytes32(i));
        }
        Task memory t = hub.viewTask(taskid);
        eq(t.contributors.length, 255, "contributors");
        eq(t.contributors[254], worker(254), "the last one");
        eq(hub.viewContribution(taskid, worker(254)).resultHash, hashOf(taskid, bytes32(uint256(254))), "hash");
        bytes memory permit = authorization(worker(255), taskid, address(0), POOL_KEY);
        vm.prank(worker(255));
        expectPanic(0x32);
        hub.contribute(taskid, "hash", "seal", address(0), "", permit);
        warpTo(taskid, 10);
        hub.claim(taskid);
        expectStatus(taskid, TaskStatus.FAILED);
    }

    function test_OnlyWorkerInAnEnclave() public {
        Orders memory o = draft();
        (o.request.trust, o.request.tag, o.app.tag, o.workerpool.tag) = (1, TEE, TEE, TEE);
        bytes32 taskid = startTask(o);
        (address who, address enclave) = (worker(0), vm.addr(ENCLAVE_KEY));
        (bytes32 hash, bytes32 seal) = (hashOf(taskid, DIGEST), sealOf(who, taskid, DIGEST));
        bytes memory attested = personal(ENCLAVE_KEY, keccak256(abi.encodePacked(hash, seal)));
        bytes memory permit = authorization(who, taskid, enclave, POOL_KEY);
        vm.prank(who);
        hub.contributeAndFinalize(taskid, DIGEST, "where", "", enclave, attested, permit);
        Contribution memory c = hub.viewContribution(taskid, who);
        ok(c.status == ContributionStatus.PROVED && c.resultHash == hash && c.resultSeal == seal, "contribution");
        ok(c.enclaveChallenge == enclave && c.weight == 0, "enclave, no weight");
        c = hub.viewContribution(taskid, worker(1));
        ok(c.status == ContributionStatus.UNSET && c.resultHash == 0, "somebody else");
        Task memory t = hub.viewTask(taskid);
        ok(t.contributors.length == 1 && t.contributors[0] == who, "contributors");
        ok(t.consensusValue == hash && t.resultDigest == DIGEST, "value and digest");
        ok(t.winnerCounter == 1 && t.revealCounter == 1, "counters");
        eq(t.revealDeadline, vm.getBlockTimestamp() + 2 * T, "reveal deadline");
        eq(t.results, "where", "results");
    }

    /// A proved contribution keeps showing its seal, which is then computed.
    function test_SealsShowAfterTheReveal() public {
        bytes32 taskid = startTask(3);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        reveal(1, taskid, DIGEST);
        for (uint256 i; i < 2; ++i) {
            Contribution memory c = hub.viewContribution(taskid, worker(i));
            eq(c.resultHash, hashOf(taskid, DIGEST), "hash");
            eq(c.resultSeal, sealOf(worker(i), taskid, DIGEST), "seal");
        }
        eq(hub.viewTask(taskid).consensusValue, hashOf(taskid, DIGEST), "value");
        eq(hub.viewTask(taskid).resultDigest, DIGEST, "digest");
    }

    // -- helpers

    bytes32 private constant TEE = bytes32(uint256(1));

    /// Orders at price zero for so many tasks.
    function free_(uint256 volume) private view returns (Orders memory o) {
        o = withoutDataset(draft());
        (o.app.appprice, o.workerpool.workerpoolprice) = (0, 0);
        (o.app.volume, o.workerpool.volume, o.request.volume) = (volume, volume, volume);
    }

    function text(uint256 length) private pure returns (bytes memory data) {
        data = new bytes(length);
        for (uint256 i; i < length; i += 100) {
            data[i] = bytes1(uint8(i / 100) | 1);
        }
    }
}
