// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {ITasks} from "../src/interfaces/ITasks.sol";
import {Contribution, ContributionStatus, Task, TaskStatus} from "../src/interfaces/Views.sol";
import {Market} from "./support/Market.sol";
import {ContractAccount} from "./support/Parties.sol";

/// initialize, contribute, reveal, reopen.
contract ContributeTest is Market {
    function test_InitializeStartsTheClocks() public {
        Orders memory o = draft();
        o.request.volume = 3;
        bytes32 dealid = matchAll(sign(o));
        uint256 start = vm.getBlockTimestamp();
        vm.warp(start + 100_000);
        bytes32 expected = keccak256(abi.encode(dealid, uint256(2)));
        expectNext();
        emit ITasks.TaskInitialize(expected, pool);
        vm.prank(stranger);
        eq(hub.initialize(dealid, 2), expected, "task id");
        Task memory t = hub.viewTask(expected);
        expectStatus(expected, TaskStatus.ACTIVE);
        eq(t.dealid, dealid, "deal");
        eq(t.idx, 2, "index");
        eq(t.timeref, T, "timeref");
        eq(t.contributionDeadline, start + 7 * T, "contribution deadline");
        eq(t.finalDeadline, start + 10 * T, "final deadline");
        eq(t.revealDeadline, 0, "reveal deadline");
        eq(t.contributors.length, 0, "contributors");
    }

    function test_InitializeRefuses() public {
        bytes32 dealid = matchAll(sign(draft()));
        expectEmpty();
        hub.initialize(dealid, 1);
        expectEmpty();
        hub.initialize(keccak256("unknown"), 0);
        hub.initialize(dealid, 0);
        expectEmpty();
        hub.initialize(dealid, 0);
    }

    function test_InitializeArray() public {
        Orders memory o = draft();
        o.request.volume = 3;
        bytes32 dealid = matchAll(sign(o));
        bytes32[] memory deals = new bytes32[](3);
        uint256[] memory indexes = new uint256[](3);
        for (uint256 i; i < 3; ++i) {
            (deals[i], indexes[i]) = (dealid, i);
        }
        expectEmpty();
        hub.initializeArray(deals, new uint256[](2));
        indexes[2] = 9;
        expectEmpty();
        hub.initializeArray(deals, indexes);
        indexes[2] = 2;
        ok(hub.initializeArray(deals, indexes), "true");
        expectStatus(keccak256(abi.encode(dealid, uint256(2))), TaskStatus.ACTIVE);
    }

    function test_ContributeLocksTheStake() public {
        bytes32 taskid = startTask(4);
        uint256 stake = POOL_PRICE * 30 / 100;
        address who = worker(0);
        bytes memory permit = authorization(who, taskid, address(0), POOL_KEY);
        expectNext();
        emit IERC20.Transfer(who, address(hub), stake);
        expectNext();
        emit IEscrow.Lock(who, stake);
        expectNext();
        emit ITasks.TaskContribute(taskid, who, hashOf(taskid, DIGEST));
        vm.prank(who);
        hub.contribute(taskid, hashOf(taskid, DIGEST), sealOf(who, taskid, DIGEST), address(0), "", permit);

        Contribution memory c = hub.viewContribution(taskid, who);
        eq(uint256(c.status), uint256(ContributionStatus.CONTRIBUTED), "status");
        eq(c.resultHash, hashOf(taskid, DIGEST), "hash");
        eq(c.resultSeal, sealOf(who, taskid, DIGEST), "seal");
        eq(c.weight, 1, "weight");
        eq(hub.viewTask(taskid).contributors[0], who, "contributor");
        eq(frozen(who), stake, "stake");
        expectStatus(taskid, TaskStatus.ACTIVE);
    }

    function test_ConsensusOpensTheReveal() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, "other");
        contribute(2, taskid, DIGEST);
        expectStatus(taskid, TaskStatus.ACTIVE);
        contribute(3, taskid, DIGEST);
        expectStatus(taskid, TaskStatus.ACTIVE);
        vm.warp(vm.getBlockTimestamp() + 60);
        contribute(4, taskid, DIGEST);
        Task memory t = hub.viewTask(taskid);
        expectStatus(taskid, TaskStatus.REVEALING);
        eq(t.consensusValue, hashOf(taskid, DIGEST), "value");
        eq(t.winnerCounter, 4, "winners");
        eq(t.revealCounter, 0, "reveals");
        eq(t.revealDeadline, vm.getBlockTimestamp() + 2 * T, "reveal deadline");
    }

    function test_TrustTwoNeedsOneWorker_ThreeNeedsTwo() public {
        bytes32 taskid = startTask(2);
        contribute(0, taskid, DIGEST);
        expectStatus(taskid, TaskStatus.REVEALING);
    }

    function test_TrustThreeNeedsTwo() public {
        bytes32 taskid = startTask(3);
        contribute(0, taskid, DIGEST);
        expectStatus(taskid, TaskStatus.ACTIVE);
        contribute(1, taskid, DIGEST);
        expectStatus(taskid, TaskStatus.REVEALING);
    }

    function test_AbsurdTrustPanics() public {
        Orders memory o = draft();
        (o.request.trust, o.workerpool.trust) = (type(uint256).max, type(uint256).max);
        bytes32 taskid = startTask(o);
        bytes memory permit = authorization(worker(0), taskid, address(0), POOL_KEY);
        bytes32 hash = hashOf(taskid, DIGEST);
        vm.prank(worker(0));
        expectPanic(0x11);
        hub.contribute(taskid, hash, 0, address(0), "", permit);
    }

    function test_ContributeRefuses() public {
        bytes32 taskid = startTask(4);
        refusesContribution(0, keccak256("unknown"), address(0), "", POOL_KEY);
        refusesContribution(0, taskid, address(0), "", STRANGER_KEY);
        contribute(0, taskid, DIGEST);
        refusesContribution(0, taskid, address(0), "", POOL_KEY);
        warpTo(taskid, 7);
        refusesContribution(1, taskid, address(0), "", POOL_KEY);
        vm.warp(vm.getBlockTimestamp() - 1);
        contribute(1, taskid, DIGEST);
        refusesContribution(2, taskid, address(0), "", POOL_KEY);
    }

    function test_ContributeWithoutFundsOrFormat() public {
        bytes32 taskid = startTask(4);
        vm.prank(worker(0));
        hub.withdraw(100e9);
        bytes memory permit = authorization(worker(0), taskid, address(0), POOL_KEY);
        vm.prank(worker(0));
        expectText("IexecEscrow: Transfer amount exceeds balance");
        hub.contribute(taskid, "h", "s", address(0), "", permit);
        vm.prank(worker(1));
        expectText("invalid-signature-format");
        hub.contribute(taskid, "h", "s", address(0), "", "short");
    }

    function test_EnclaveContribution() public {
        address enclave = vm.addr(ENCLAVE_KEY);
        bytes32 taskid = startTeeTask();
        refusesContribution(0, taskid, address(0), "", POOL_KEY);
        refusesContribution(0, taskid, enclave, personal(STRANGER_KEY, enclaveMessage(0, taskid)), POOL_KEY);
        bytes memory proof = personal(ENCLAVE_KEY, enclaveMessage(0, taskid));
        vm.prank(OWNER);
        hub.setTeeBroker(vm.addr(BROKER_KEY));
        refusesContribution(0, taskid, enclave, proof, POOL_KEY);
        contributeAs(0, taskid, enclave, proof, BROKER_KEY);
        eq(hub.viewContribution(taskid, worker(0)).enclaveChallenge, enclave, "enclave");
        vm.prank(OWNER);
        hub.setTeeBroker(address(0));
        contributeAs(1, taskid, enclave, personal(ENCLAVE_KEY, enclaveMessage(1, taskid)), POOL_KEY);
    }

    function test_EnclaveMayBeAContract() public {
        ContractAccount enclave = new ContractAccount();
        bytes32 taskid = startTeeTask();
        refusesContribution(0, taskid, address(enclave), "", POOL_KEY);
        bytes32 message = enclaveMessage(0, taskid);
        enclave.accept(keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", message)));
        contributeAs(0, taskid, address(enclave), "", POOL_KEY);
    }

    function test_BrokerDoesNotVouchWithoutAnEnclave() public {
        bytes32 taskid = startTask(4);
        vm.prank(OWNER);
        hub.setTeeBroker(vm.addr(BROKER_KEY));
        refusesContribution(0, taskid, address(0), "", BROKER_KEY);
        contribute(0, taskid, DIGEST);
    }

    function test_RevealProves() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        expectNext();
        emit ITasks.TaskReveal(taskid, worker(0), DIGEST);
        reveal(0, taskid, DIGEST);
        Task memory t = hub.viewTask(taskid);
        eq(t.revealCounter, 1, "counter");
        eq(t.resultDigest, DIGEST, "digest");
        Contribution memory c = hub.viewContribution(taskid, worker(0));
        eq(uint256(c.status), uint256(ContributionStatus.PROVED), "proved");
    }

    function test_RevealRefuses() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        refusesReveal(0, taskid, DIGEST);
        contribute(1, taskid, "other");
        contribute(2, taskid, DIGEST);
        contributeWithSeal(3, taskid, sealOf(worker(2), taskid, DIGEST));
        contribute(4, taskid, DIGEST);
        expectStatus(taskid, TaskStatus.REVEALING);
        refusesReveal(5, taskid, DIGEST);
        refusesReveal(1, taskid, "other");
        refusesReveal(0, taskid, "wrong digest");
        refusesReveal(3, taskid, DIGEST);
        reveal(0, taskid, DIGEST);
        refusesReveal(0, taskid, DIGEST);
        vm.warp(hub.viewTask(taskid).revealDeadline - 1);
        reveal(2, taskid, DIGEST);
        vm.warp(vm.getBlockTimestamp() + 1);
        refusesReveal(4, taskid, DIGEST);
    }

    function test_ReopenRejectsTheSilentGroup() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        refusesReopen(taskid, poolOwner);
        vm.warp(hub.viewTask(taskid).revealDeadline);
        refusesReopen(taskid, stranger);
        expectNext();
        emit ITasks.TaskReopen(taskid);
        vm.prank(poolOwner);
        hub.reopen(taskid);

        Task memory t = hub.viewTask(taskid);
        expectStatus(taskid, TaskStatus.ACTIVE);
        eq(t.consensusValue, bytes32(0), "value");
        eq(t.revealDeadline, 0, "deadline");
        eq(t.winnerCounter, 0, "winners");
        eq(t.contributors.length, 2, "contributors stay");
        Contribution memory c = hub.viewContribution(taskid, worker(0));
        eq(uint256(c.status), uint256(ContributionStatus.REJECTED), "rejected");
        refusesContribution(0, taskid, address(0), "", POOL_KEY);
        refusesReopen(taskid, poolOwner);

        contribute(2, taskid, DIGEST);
        expectStatus(taskid, TaskStatus.ACTIVE);
        contribute(3, taskid, DIGEST);
        expectStatus(taskid, TaskStatus.REVEALING);
        eq(hub.viewTask(taskid).winnerCounter, 2, "rejected voters do not win");
        reveal(2, taskid, DIGEST);
        reveal(3, taskid, DIGEST);
        finalize(taskid);
        eq(frozen(worker(0)), 0, "slashed");
    }

    function test_ReopenRefusesAfterARevealAndAfterTheEnd() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        uint256 clean = vm.snapshotState();
        reveal(0, taskid, DIGEST);
        vm.warp(hub.viewTask(taskid).revealDeadline);
        refusesReopen(taskid, poolOwner);
        vm.revertToState(clean);
        warpTo(taskid, 10);
        refusesReopen(taskid, poolOwner);
    }

    function startTeeTask() private returns (bytes32) {
        Orders memory o = draft();
        bytes32 tee = bytes32(uint256(1));
        (o.app.tag, o.request.tag, o.workerpool.tag) = (tee, tee, tee);
        return startTask(o);
    }

    function enclaveMessage(uint256 i, bytes32 taskid) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(hashOf(taskid, DIGEST), sealOf(worker(i), taskid, DIGEST)));
    }

    function contributeAs(uint256 i, bytes32 taskid, address enclave, bytes memory proof, uint256 key) private {
        address who = worker(i);
        bytes memory permit = authorization(who, taskid, enclave, key);
        vm.prank(who);
        hub.contribute(taskid, hashOf(taskid, DIGEST), sealOf(who, taskid, DIGEST), enclave, proof, permit);
    }

    function contributeWithSeal(uint256 i, bytes32 taskid, bytes32 resultSeal) private {
        bytes memory permit = authorization(worker(i), taskid, address(0), POOL_KEY);
        vm.prank(worker(i));
        hub.contribute(taskid, hashOf(taskid, DIGEST), resultSeal, address(0), "", permit);
    }

    function refusesContribution(uint256 i, bytes32 taskid, address enclave, bytes memory proof, uint256 key) private {
        bytes memory permit = authorization(worker(i), taskid, enclave, key);
        bytes32 hash = hashOf(taskid, DIGEST);
        bytes32 resultSeal = sealOf(worker(i), taskid, DIGEST);
        vm.prank(worker(i));
        expectEmpty();
        hub.contribute(taskid, hash, resultSeal, enclave, proof, permit);
    }

    function refusesReveal(uint256 i, bytes32 taskid, bytes32 result) private {
        vm.prank(worker(i));
        expectEmpty();
        hub.reveal(taskid, result);
    }

    function refusesReopen(bytes32 taskid, address who) private {
        vm.prank(who);
        expectEmpty();
        hub.reopen(taskid);
    }

    function expectNext() private {
        vm.expectEmit(true, true, true, true, address(hub));
    }
}
