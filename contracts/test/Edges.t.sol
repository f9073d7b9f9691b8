// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Classic} from "../src/classic/Classic.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {IOrderManagement} from "../src/interfaces/IOrderManagement.sol";
import {ITasks} from "../src/interfaces/ITasks.sol";
import {Contribution, ContributionStatus, TaskStatus} from "../src/interfaces/Views.sol";
import {
    AppOrderOperation,
    DatasetOrderOperation,
    OrderOperation,
    RequestOrderOperation,
    WorkerpoolOrderOperation
} from "../src/orders/Orders.sol";
import {Market} from "./support/Market.sol";
import {ContractAccount} from "./support/Parties.sol";
import {Vm} from "./support/Vm.sol";

/// The steps of the market in the first and the last second, and at prices and amounts where a rule changes.
contract EdgesTest is Market {
    bytes32 private constant REWARD = keccak256("Reward(address,uint256,bytes32)");

    function test_ReopensFromTheRevealDeadlineUpToTheFinalDeadline() public {
        bytes32 taskid = agreed(DIGEST);
        uint256 reveals = hub.viewTask(taskid).revealDeadline;
        vm.warp(reveals - 1);
        refusesReopen(taskid);
        warpTo(taskid, 10);
        refusesReopen(taskid);
        vm.warp(vm.getBlockTimestamp() - 1);
        vm.prank(poolOwner);
        hub.reopen(taskid);
        expectStatus(taskid, TaskStatus.ACTIVE);
    }

    function test_FinalizesWithSilentWinnersFromTheRevealDeadlineOn() public {
        bytes32 taskid = agreed(DIGEST);
        reveal(0, taskid, DIGEST);
        vm.warp(hub.viewTask(taskid).revealDeadline - 1);
        vm.prank(poolOwner);
        expectEmpty();
        hub.finalize(taskid, "", "");
        vm.warp(vm.getBlockTimestamp() + 1);
        finalize(taskid);
        expectStatus(taskid, TaskStatus.COMPLETED);
    }

    function test_NobodyIsPaidNothing() public {
        Orders memory o = draft();
        (o.app.appprice, o.dataset.datasetprice) = (0, 0);
        bytes32 taskid = startTask(o);
        for (uint256 i; i < 2; ++i) {
            contribute(i, taskid, DIGEST);
        }
        for (uint256 i; i < 2; ++i) {
            reveal(i, taskid, DIGEST);
        }
        vm.recordLogs();
        finalize(taskid);
        eq(countLogs(REWARD), 3, "two workers and the scheduler");
    }

    function test_TheSmallestPricesArePaid() public {
        Orders memory o = draft();
        (o.app.appprice, o.dataset.datasetprice) = (1, 1);
        bytes32 taskid = startTask(o);
        for (uint256 i; i < 2; ++i) {
            contribute(i, taskid, DIGEST);
        }
        for (uint256 i; i < 2; ++i) {
            reveal(i, taskid, DIGEST);
        }
        finalize(taskid);
        eq(free(appOwner), 1, "app owner");
        eq(free(datasetOwner), 1, "data set owner");
    }

    /// The seal alone does not open a value: its digest must be the one that was agreed on.
    function test_OnlyTheAgreedDigestIsRevealed() public {
        bytes32 taskid = startTask(8);
        bytes32 wrong = "wrong";
        contributeSealed(0, taskid, hashOf(taskid, DIGEST), sealOf(worker(0), taskid, wrong));
        contributeSealed(1, taskid, hashOf(taskid, wrong), sealOf(worker(1), taskid, DIGEST));
        for (uint256 i = 2; i < 5; ++i) {
            contribute(i, taskid, DIGEST);
        }
        expectStatus(taskid, TaskStatus.ACTIVE);
        contribute(5, taskid, DIGEST);
        expectStatus(taskid, TaskStatus.REVEALING);
        refusesReveal(0, taskid, wrong);
        refusesReveal(1, taskid, DIGEST);
        reveal(2, taskid, DIGEST);
        refusesReveal(0, taskid, wrong);
        refusesReveal(1, taskid, DIGEST);
    }

    /// A value that was rejected may be agreed on again, but not by those who were silent the first time.
    function test_RejectedVotersDoNotRevealTheSameValueLater() public {
        bytes32 taskid = agreed(DIGEST);
        vm.warp(hub.viewTask(taskid).revealDeadline);
        vm.prank(poolOwner);
        hub.reopen(taskid);
        contribute(2, taskid, DIGEST);
        contribute(3, taskid, DIGEST);
        expectStatus(taskid, TaskStatus.REVEALING);
        refusesReveal(0, taskid, DIGEST);
        reveal(2, taskid, DIGEST);
        refusesReveal(1, taskid, DIGEST);
    }

    function test_TheTaskOfOneWorkerKeepsItsIndexAndTheHubWhatIsLocked() public {
        Orders memory o = draft();
        (o.request.trust, o.request.volume) = (1, 5);
        bytes32 taskid = hub.initialize(matchAll(sign(o)), 3);
        bytes memory permit = authorization(worker(0), taskid, address(0), POOL_KEY);
        vm.prank(worker(0));
        hub.contributeAndFinalize(taskid, DIGEST, "", "", address(0), "", permit);
        eq(hub.viewTask(taskid).idx, 3, "index");
        eq(hub.balanceOf(address(hub)), frozen(requester) + frozen(poolOwner), "the hub holds what is locked");
    }

    function test_TheWholeTrustOfAPoolMayBeAsked() public {
        Orders memory o = draft();
        o.request.trust = o.workerpool.trust;
        eq(hub.viewDeal(matchAll(sign(o))).trust, o.workerpool.trust, "trust");
    }

    function test_AWholeAllowanceMayBeUsed() public {
        vm.startPrank(requester);
        hub.approve(stranger, 5);
        hub.decreaseAllowance(stranger, 5);
        eq(hub.allowance(requester, stranger), 0, "taken back");
        hub.approve(stranger, 7);
        vm.stopPrank();
        vm.prank(stranger);
        hub.transferFrom(requester, stranger, 7);
        eq(hub.allowance(requester, stranger), 0, "used");
        eq(hub.balanceOf(stranger), 7, "received");
    }

    function test_DepositsAnswerTrue() public {
        give(stranger, 9);
        vm.startPrank(stranger);
        token.approve(address(hub), 9);
        ok(hub.depositFor(2, appOwner), "for another");
        uint256[] memory amounts = new uint256[](1);
        address[] memory targets = new address[](1);
        (amounts[0], targets[0]) = (3, appOwner);
        ok(hub.depositForArray(amounts, targets), "for a list");
        ok(hub.receiveApproval(stranger, 4, address(token), ""), "by approval");
        eq(hub.balanceOf(stranger), 4, "deposited");
    }

    /// Any data asks for a match, even one byte; four are enough to say which operation is not supported.
    function test_ShortDataOfADepositIsNotIgnored() public {
        vm.startPrank(requester);
        expectEmpty();
        token.approveAndCall(address(hub), 0, hex"00");
        vm.expectRevert(abi.encodeWithSelector(IEscrow.UnsupportedOperation.selector, bytes4(0x11223344)));
        token.approveAndCall(address(hub), 0, hex"11223344");
    }

    /// One byte of code is code: the key of such an account signs for nobody, and what says nothing is no answer.
    function test_AnAccountWithAnyCodeDoesNotSignByKey() public {
        bytes memory signed = signature(STRANGER_KEY, "x");
        ok(hub.verifySignature(stranger, "x", signed), "without code");
        vm.etch(stranger, hex"00");
        vm.expectRevert(bytes(""));
        hub.verifySignature(stranger, "x", signed);
        vm.expectRevert(bytes(""));
        hub.verifyPresignatureOrSignature(stranger, "x", signed);
    }

    function test_AContractSignsWithAnyLength() public {
        ContractAccount account = new ContractAccount();
        account.accept("x");
        for (uint256 length = 63; length < 67; ++length) {
            ok(hub.verifyPresignatureOrSignature(address(account), "x", new bytes(length)), "any length");
        }
    }

    function test_WhatIsRecordedNeedsNoWellFormedSignature() public {
        Orders memory o = draft();
        vm.prank(appOwner);
        hub.manageAppOrder(AppOrderOperation(o.app, OrderOperation.SIGN, ""));
        bytes32 hash = digest(hasher.app(o.app));
        for (uint256 length = 62; length < 68; ++length) {
            ok(hub.verifyPresignatureOrSignature(appOwner, hash, new bytes(length)), "recorded");
        }
    }

    function test_ConsensusIsAnnouncedOnceWithItsValue() public {
        bytes32 taskid = startTask(3);
        contribute(0, taskid, DIGEST);
        bytes32 hash = hashOf(taskid, DIGEST);
        bytes32 resultSeal = sealOf(worker(1), taskid, DIGEST);
        bytes memory permit = authorization(worker(1), taskid, address(0), POOL_KEY);
        vm.expectEmit(true, true, true, true, address(hub));
        emit ITasks.TaskConsensus(taskid, hash);
        vm.prank(worker(1));
        hub.contribute(taskid, hash, resultSeal, address(0), "", permit);
    }

    function test_EachKindOfOrderIsRecordedAndClosedWithItsEvent() public {
        Orders memory o = draft();
        bytes32 hash = digest(hasher.dataset(o.dataset));
        vm.startPrank(datasetOwner);
        expectNext();
        emit IOrderManagement.SignedDatasetOrder(hash);
        hub.manageDatasetOrder(DatasetOrderOperation(o.dataset, OrderOperation.SIGN, ""));
        expectNext();
        emit IOrderManagement.ClosedDatasetOrder(hash);
        hub.manageDatasetOrder(DatasetOrderOperation(o.dataset, OrderOperation.CLOSE, ""));
        vm.stopPrank();

        hash = digest(hasher.workerpool(o.workerpool));
        vm.startPrank(poolOwner);
        expectNext();
        emit IOrderManagement.SignedWorkerpoolOrder(hash);
        hub.manageWorkerpoolOrder(WorkerpoolOrderOperation(o.workerpool, OrderOperation.SIGN, ""));
        expectNext();
        emit IOrderManagement.ClosedWorkerpoolOrder(hash);
        hub.manageWorkerpoolOrder(WorkerpoolOrderOperation(o.workerpool, OrderOperation.CLOSE, ""));
        vm.stopPrank();

        hash = digest(hasher.request(o.request));
        vm.startPrank(requester);
        expectNext();
        emit IOrderManagement.SignedRequestOrder(hash);
        hub.manageRequestOrder(RequestOrderOperation(o.request, OrderOperation.SIGN, ""));
        expectNext();
        emit IOrderManagement.ClosedRequestOrder(hash);
        hub.manageRequestOrder(RequestOrderOperation(o.request, OrderOperation.CLOSE, ""));
        vm.stopPrank();
    }

    function test_ArraysOfDifferentLengthsStartNothing() public {
        Orders memory o = draft();
        o.request.volume = 2;
        bytes32 dealid = matchAll(sign(o));
        bytes32[] memory deals = new bytes32[](1);
        deals[0] = dealid;
        uint256[] memory indexes = new uint256[](2);
        indexes[1] = 1;
        expectEmpty();
        hub.initializeArray(deals, indexes);
        expectEmpty();
        hub.initializeArray(new bytes32[](3), indexes);
        vm.warp(vm.getBlockTimestamp() + 10 * T);
        expectEmpty();
        hub.initializeAndClaimArray(deals, indexes);
        expectEmpty();
        hub.initializeAndClaimArray(new bytes32[](3), indexes);
        hub.initialize(dealid, 0);
    }

    /// What can be told from the rest is not kept, and what fits the word is nowhere else.
    function test_NothingIsKeptTwice() public {
        bytes32 taskid = agreed(DIGEST);
        bytes32 record = keccak256(abi.encode(taskid, uint256(Classic.SLOT) + 1));
        bytes32 seal = bytes32(uint256(record) + 1 + 1);
        eq(vm.load(address(hub), seal), sealOf(worker(0), taskid, DIGEST), "seal");
        reveal(0, taskid, DIGEST);
        eq(vm.load(address(hub), seal), 0, "it follows from the digest");

        Orders memory o = withoutDataset(draft());
        (o.app.appprice, o.workerpool.workerpoolprice) = (0, 0);
        (o.app.volume, o.workerpool.volume, o.request.volume) = (1 << 25, 1 << 25, 1 << 25);
        (o.app.salt, o.workerpool.salt, o.request.salt) = ("n", "n", "n");
        bytes32 dealid = matchAll(sign(o));
        for (uint256 index = (1 << 24) - 3; index < (1 << 24) + 2; ++index) {
            taskid = hub.initialize(dealid, index);
            bytes32 slot = keccak256(abi.encode(taskid, uint256(Classic.SLOT) + 4));
            eq(uint256(vm.load(address(hub), slot)), index < (1 << 24) - 1 ? 0 : index, "index apart");
            eq(hub.viewTask(taskid).idx, index, "index");
        }
    }

    function test_TheOnlyWorkerIsTheOnlyContributor() public {
        bytes32 taskid = startTask(1);
        bytes memory permit = authorization(worker(0), taskid, address(0), POOL_KEY);
        vm.prank(worker(0));
        hub.contributeAndFinalize(taskid, DIGEST, "", "", address(0), "", permit);
        uint256 head = uint256(vm.load(address(hub), keccak256(abi.encode(taskid, uint256(Classic.SLOT) + 1))));
        eq(head >> 208 & 0xFFFF, 0, "no votes and the first value");
        eq(hub.viewTask(taskid).contributors.length, 1, "contributors");
        eq(hub.viewTask(taskid).contributors[0], worker(0), "worker");
        eq(hub.viewTask(taskid).winnerCounter, 1, "winners");
        eq(hub.viewTask(taskid).revealCounter, 1, "reveals");
    }

    function test_ALiarIsNamedAndLosesItsStakeAndScore() public {
        setScore(worker(2), 7);
        bytes32 taskid = startTask(3);
        contribute(2, taskid, "lie");
        uint256 stake = frozen(worker(2));
        uint256 left = free(worker(2));
        ok(stake > 0, "staked");
        uint256[3] memory honest = [uint256(0), 1, 3];
        for (uint256 i; i < 3; ++i) {
            contribute(honest[i], taskid, DIGEST);
        }
        for (uint256 i; i < 3; ++i) {
            reveal(honest[i], taskid, DIGEST);
        }
        vm.expectEmit(true, true, true, true, address(hub));
        emit IEscrow.Seize(worker(2), stake, taskid);
        expectNext();
        emit ITasks.FaultyContribution(worker(2), taskid);
        finalize(taskid);
        eq(frozen(worker(2)), 0, "nothing locked");
        eq(free(worker(2)), left, "nothing back");
        eq(hub.viewScore(worker(2)), 4, "two thirds");
    }

    /// Each of the four orders, when it alone was used before.
    function test_AVolumeIsWhatEachOrderHasLeft() public {
        for (uint256 kind; kind < 4; ++kind) {
            Orders memory first = ordersOf(kind, 1);
            if (kind == 2) first.request.volume = 1;
            else first.workerpool.volume = 1;
            matchAll(sign(first));
            Orders memory next = ordersOf(kind, 2);
            eq(hub.computeDealVolume(next.app, next.dataset, next.workerpool, next.request), 2, "left");
            eq(hub.viewDeal(matchAll(sign(next))).botSize, 2, "matched");
        }
    }

    /// One order, by its kind, of volume 3; the others, which `set` tells apart, of volume 10.
    function ordersOf(uint256 kind, uint256 set) private view returns (Orders memory o) {
        o = draft();
        bytes32 other = bytes32(10 * kind + set);
        bytes32 same = bytes32(100 + kind);
        (o.app.volume, o.app.salt) = kind == 0 ? (uint256(3), same) : (10, other);
        (o.dataset.volume, o.dataset.salt) = kind == 1 ? (uint256(3), same) : (10, other);
        (o.workerpool.volume, o.workerpool.salt) = kind == 2 ? (uint256(3), same) : (10, other);
        (o.request.volume, o.request.salt) = kind == 3 ? (uint256(3), same) : (10, other);
    }

    /// Hashes and seals are seen as they were given, before and after the reveal, and nothing of those who gave none.
    function test_ContributionsAreSeenTheSameAfterTheReveal() public {
        bytes32 taskid = startTask(3);
        contribute(2, taskid, "lie");
        uint256[3] memory honest = [uint256(0), 1, 3];
        for (uint256 i; i < 3; ++i) {
            contribute(honest[i], taskid, DIGEST);
        }
        for (uint256 round; round < 2; ++round) {
            for (uint256 i; i < 4; ++i) {
                bytes32 result = i == 2 ? bytes32("lie") : DIGEST;
                Contribution memory c = hub.viewContribution(taskid, worker(i));
                eq(c.resultHash, hashOf(taskid, result), "hash");
                eq(c.resultSeal, sealOf(worker(i), taskid, result), "seal");
            }
            eq(abi.encode(hub.viewContribution(taskid, stranger)), new bytes(160), "nothing");
            if (round == 0) reveal(0, taskid, DIGEST);
        }
    }

    function test_TheContributionOfTheOnlyWorkerIsItsOwn() public {
        bytes32 taskid = startTask(1);
        bytes memory permit = authorization(worker(0), taskid, address(0), POOL_KEY);
        vm.prank(worker(0));
        hub.contributeAndFinalize(taskid, DIGEST, "", "", address(0), "", permit);
        eq(hub.viewContribution(taskid, worker(0)).resultHash, hashOf(taskid, DIGEST), "hash");
        eq(abi.encode(hub.viewContribution(taskid, worker(1))), new bytes(160), "nothing");
    }

    /// Reopening rejects those who were silent about the accepted value; who voted otherwise still counts.
    function test_ReopeningRejectsOnlyThoseWhoWereAskedToReveal() public {
        bytes32 taskid = startTask(3);
        contribute(2, taskid, "other");
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        contribute(3, taskid, DIGEST);
        vm.warp(hub.viewTask(taskid).revealDeadline);
        vm.prank(poolOwner);
        hub.reopen(taskid);
        for (uint256 i; i < 4; ++i) {
            ContributionStatus status = i == 2 ? ContributionStatus.CONTRIBUTED : ContributionStatus.REJECTED;
            eq(uint256(hub.viewContribution(taskid, worker(i)).status), uint256(status), "status");
        }
        contribute(4, taskid, "other");
        expectStatus(taskid, TaskStatus.REVEALING);
        reveal(2, taskid, "other");
    }

    function agreed(bytes32 result) private returns (bytes32 taskid) {
        taskid = startTask(4);
        contribute(0, taskid, result);
        contribute(1, taskid, result);
    }

    function contributeSealed(uint256 i, bytes32 taskid, bytes32 hash, bytes32 resultSeal) private {
        bytes memory permit = authorization(worker(i), taskid, address(0), POOL_KEY);
        vm.prank(worker(i));
        hub.contribute(taskid, hash, resultSeal, address(0), "", permit);
    }

    function refusesReveal(uint256 i, bytes32 taskid, bytes32 result) private {
        vm.prank(worker(i));
        expectEmpty();
        hub.reveal(taskid, result);
    }

    function countLogs(bytes32 topic) private returns (uint256 count) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == topic) ++count;
        }
    }

    function refusesReopen(bytes32 taskid) private {
        vm.prank(poolOwner);
        expectEmpty();
        hub.reopen(taskid);
    }

    function expectNext() private {
        vm.expectEmit(true, true, true, true, address(hub));
    }
}
