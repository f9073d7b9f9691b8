// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {ITasks} from "../src/interfaces/ITasks.sol";
import {Contribution, ContributionStatus, Task, TaskStatus} from "../src/interfaces/Views.sol";
import {Market} from "./support/Market.sol";
import {Consumer} from "./support/Parties.sol";

contract ContributeAndFinalizeTest is Market {
    struct Call {
        bytes32 taskid;
        bytes32 result;
        bytes callbackData;
        address enclave;
        uint256 enclaveKey;
        uint256 permitKey;
    }

    function test_PaysTheOnlyWorker() public {
        bytes32 taskid = startTask(1);
        address who = worker(0);
        uint256 share = POOL_PRICE * 99 / 100;
        bytes memory permit = authorization(who, taskid, address(0), POOL_KEY);
        expectNext();
        emit IEscrow.Reward(who, share, taskid);
        expectNext();
        emit IEscrow.Reward(poolOwner, POOL_PRICE - share, taskid);
        expectNext();
        emit ITasks.TaskContribute(taskid, who, hashOf(taskid, DIGEST));
        expectNext();
        emit ITasks.TaskConsensus(taskid, hashOf(taskid, DIGEST));
        expectNext();
        emit ITasks.TaskReveal(taskid, who, DIGEST);
        expectNext();
        emit ITasks.TaskFinalize(taskid, "/ipfs/result");
        vm.prank(who);
        hub.contributeAndFinalize(taskid, DIGEST, "/ipfs/result", "", address(0), "", permit);

        Task memory t = hub.viewTask(taskid);
        expectStatus(taskid, TaskStatus.COMPLETED);
        eq(t.consensusValue, hashOf(taskid, DIGEST), "value");
        eq(t.revealDeadline, vm.getBlockTimestamp() + 2 * T, "reveal deadline");
        eq(t.revealCounter, 1, "reveals");
        eq(t.winnerCounter, 1, "winners");
        eq(t.resultDigest, DIGEST, "digest");
        eq(t.contributors[0], who, "contributor");
        Contribution memory c = hub.viewContribution(taskid, who);
        eq(uint256(c.status), uint256(ContributionStatus.PROVED), "proved");
        eq(c.weight, 0, "weight");
        eq(c.resultSeal, sealOf(who, taskid, DIGEST), "seal");
        eq(free(who), 100e9 + share, "worker");
        eq(free(poolOwner), 1000e9 + POOL_PRICE - share, "scheduler");
        eq(hub.viewScore(who), 0, "score");
    }

    function test_NeedsNoStake() public {
        bytes32 taskid = startTask(1);
        vm.prank(worker(0));
        hub.withdraw(100e9);
        run(Call(taskid, DIGEST, "", address(0), 0, POOL_KEY));
    }

    function test_EnclaveBrokerAndCallback() public {
        Consumer consumer = new Consumer();
        Orders memory o = draft();
        bytes32 tee = bytes32(uint256(1));
        (o.app.tag, o.request.tag, o.workerpool.tag) = (tee, tee, tee);
        (o.request.trust, o.request.callback) = (1, address(consumer));
        bytes32 taskid = startTask(o);
        vm.prank(OWNER);
        hub.setTeeBroker(vm.addr(BROKER_KEY));
        address enclave = vm.addr(ENCLAVE_KEY);
        bytes32 result = keccak256("data");
        refuses(Call(taskid, result, "data", address(0), 0, POOL_KEY));
        refuses(Call(taskid, result, "data", enclave, ENCLAVE_KEY, POOL_KEY));
        refuses(Call(taskid, result, "data", enclave, STRANGER_KEY, BROKER_KEY));
        refuses(Call(taskid, result, "other", enclave, ENCLAVE_KEY, BROKER_KEY));
        run(Call(taskid, result, "data", enclave, ENCLAVE_KEY, BROKER_KEY));
        eq(consumer.data(), "data", "delivered");
        eq(hub.resultFor(taskid), "data", "kept");
    }

    function test_Refuses() public {
        bytes32 taskid = startTask(1);
        refuses(Call(keccak256("unknown"), DIGEST, "", address(0), 0, POOL_KEY));
        refuses(Call(taskid, DIGEST, "", address(0), 0, STRANGER_KEY));
        refuses(Call(taskid, DIGEST, "unexpected", address(0), 0, POOL_KEY));
        warpTo(taskid, 7);
        refuses(Call(taskid, DIGEST, "", address(0), 0, POOL_KEY));
        vm.warp(vm.getBlockTimestamp() - 1);
        run(Call(taskid, DIGEST, "", address(0), 0, POOL_KEY));
        refuses(Call(taskid, DIGEST, "", address(0), 0, POOL_KEY));
    }

    function test_RefusesReplicatedDeals() public {
        bytes32 taskid = startTask(2);
        refuses(Call(taskid, DIGEST, "", address(0), 0, POOL_KEY));
    }

    /// Only a reopened task is active with contributors at trust 1.
    function test_RefusesAfterAContribution() public {
        bytes32 taskid = startTask(1);
        contribute(1, taskid, DIGEST);
        vm.warp(hub.viewTask(taskid).revealDeadline);
        vm.prank(poolOwner);
        hub.reopen(taskid);
        refuses(Call(taskid, DIGEST, "", address(0), 0, POOL_KEY));
    }

    function run(Call memory c) private {
        (bytes memory proof, bytes memory permit) = signatures(c);
        vm.prank(worker(0));
        hub.contributeAndFinalize(c.taskid, c.result, "", c.callbackData, c.enclave, proof, permit);
    }

    function refuses(Call memory c) private {
        (bytes memory proof, bytes memory permit) = signatures(c);
        vm.prank(worker(0));
        expectEmpty();
        hub.contributeAndFinalize(c.taskid, c.result, "", c.callbackData, c.enclave, proof, permit);
    }

    function signatures(Call memory c) private pure returns (bytes memory proof, bytes memory permit) {
        permit = authorization(worker(0), c.taskid, c.enclave, c.permitKey);
        if (c.enclaveKey == 0) return (proof, permit);
        bytes32 hash = hashOf(c.taskid, c.result);
        proof = personal(c.enclaveKey, keccak256(abi.encodePacked(hash, sealOf(worker(0), c.taskid, c.result))));
    }

    function expectNext() private {
        vm.expectEmit(true, true, true, true, address(hub));
    }
}
