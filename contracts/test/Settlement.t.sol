// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Kitty} from "../src/classic/Kitty.sol";
import {Ledger} from "../src/escrow/Ledger.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {IWorkerpool} from "../src/interfaces/IRegistryEntry.sol";
import {ITasks} from "../src/interfaces/ITasks.sol";
import {Task, TaskStatus} from "../src/interfaces/Views.sol";
import {Market} from "./support/Market.sol";
import {Consumer, GasWaster} from "./support/Parties.sol";

/// finalize and claim: conditions, money, kitty, scores, callback.
contract SettlementTest is Market {
    uint256 internal constant TOTAL = APP_PRICE + DATASET_PRICE + POOL_PRICE;
    uint256 internal constant POOL_STAKE = POOL_PRICE * 30 / 100;

    function test_FinalizePaysEverybody() public {
        bytes32 taskid = agreed();
        uint256 share = POOL_PRICE * 99 / 100 / 2;
        uint256 before = free(poolOwner);
        expectNext();
        emit IEscrow.Seize(requester, TOTAL, taskid);
        expectReward(appOwner, APP_PRICE, taskid);
        expectReward(datasetOwner, DATASET_PRICE, taskid);
        expectUnlock(poolOwner, POOL_STAKE);
        for (uint256 i; i < 2; ++i) {
            expectUnlock(worker(i), POOL_STAKE);
            expectReward(worker(i), share, taskid);
            expectNext();
            emit ITasks.AccurateContribution(worker(i), taskid);
        }
        expectReward(poolOwner, POOL_PRICE - 2 * share, taskid);
        expectNext();
        emit ITasks.TaskFinalize(taskid, "/ipfs/result");
        finalize(taskid);

        expectStatus(taskid, TaskStatus.COMPLETED);
        eq(free(appOwner), APP_PRICE, "app owner");
        eq(free(datasetOwner), DATASET_PRICE, "dataset owner");
        eq(free(worker(0)), 100e9 + share, "worker");
        eq(free(poolOwner), before + POOL_STAKE + POOL_PRICE - 2 * share, "pool owner");
        eq(frozen(requester) + frozen(poolOwner) + frozen(worker(0)), 0, "nothing locked");
        eq(hub.balanceOf(address(hub)), 0, "hub keeps nothing");
        eq(hub.viewScore(worker(1)), 1, "score");
        Task memory t = hub.viewTask(taskid);
        eq(t.results, "/ipfs/result", "results");
        eq(t.resultsTimestamp, 0, "never written");
    }

    function test_FinalizeRefuses() public {
        bytes32 taskid = startTask(4);
        refusesFinalize(taskid, poolOwner, "");
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        refusesFinalize(taskid, poolOwner, "");
        reveal(0, taskid, DIGEST);
        refusesFinalize(taskid, poolOwner, "");
        reveal(1, taskid, DIGEST);
        refusesFinalize(taskid, stranger, "");
        refusesFinalize(taskid, poolOwner, "unexpected");
        warpTo(taskid, 10);
        refusesFinalize(taskid, poolOwner, "");
        vm.warp(vm.getBlockTimestamp() - 1);
        finalize(taskid);
        refusesFinalize(taskid, poolOwner, "");
    }

    function test_SilentWinnerIsSlashedAfterTheRevealDeadline() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        reveal(0, taskid, DIGEST);
        refusesFinalize(taskid, poolOwner, "");
        vm.warp(hub.viewTask(taskid).revealDeadline);
        finalize(taskid);
        eq(free(worker(1)), 100e9 - POOL_STAKE, "silent worker");
        eq(free(worker(0)), 100e9 + (POOL_PRICE + POOL_STAKE) * 99 / 100, "honest worker");
    }

    function test_NoRevealCannotFinalize() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        vm.warp(hub.viewTask(taskid).revealDeadline);
        refusesFinalize(taskid, poolOwner, "");
    }

    function test_LoneWinnerGetsNoScore() public {
        bytes32 taskid = startTask(1);
        contribute(0, taskid, DIGEST);
        reveal(0, taskid, DIGEST);
        finalize(taskid);
        eq(hub.viewScore(worker(0)), 0, "score");
    }

    function test_SchedulerMayTakeEverything() public {
        vm.prank(poolOwner);
        IWorkerpool(pool).changePolicy(0, 100);
        bytes32 taskid = agreed();
        uint256 before = free(poolOwner);
        finalize(taskid);
        eq(free(worker(0)), 100e9, "worker gets nothing");
        eq(free(poolOwner), before + POOL_STAKE + POOL_PRICE, "scheduler gets all");
    }

    function test_SoldAssetsDoNotChangeADeal() public {
        bytes32 taskid = agreed();
        vm.prank(poolOwner);
        workerpools.transferFrom(poolOwner, stranger, uint256(uint160(pool)));
        refusesFinalize(taskid, stranger, "");
        finalize(taskid);
    }

    function test_WorkedExamples() public {
        string memory file = vm.readFile("../tests/vectors/consensus.json");
        for (uint256 i; i < 2; ++i) {
            uint256 clean = vm.snapshotState();
            playExample(file, string.concat(".examples[", vm.toString(i), "]"));
            vm.revertToState(clean);
        }
    }

    function test_KittyPays() public {
        string memory file = vm.readFile("../tests/vectors/consensus.json");
        for (uint256 i; vm.keyExistsJson(file, string.concat(".kitty[", vm.toString(i), "]")); ++i) {
            string memory base = string.concat(".kitty[", vm.toString(i), "]");
            uint256 pot = vm.parseJsonUint(file, string.concat(base, ".pot"));
            uint256 paid = vm.parseJsonUint(file, string.concat(base, ".paid"));
            uint256 clean = vm.snapshotState();
            fillKitty(pot);
            bytes32 taskid = agreed();
            uint256 before = free(poolOwner);
            finalize(taskid);
            eq(frozen(Kitty.ADDRESS), pot - paid, "left");
            uint256 scheduler = POOL_PRICE - 2 * (POOL_PRICE * 99 / 100 / 2);
            eq(free(poolOwner), before + POOL_STAKE + paid + scheduler, "paid");
            vm.revertToState(clean);
        }
    }

    function test_ClaimRefundsAndFillsTheKitty() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, "other");
        vm.warp(hub.viewTask(taskid).finalDeadline - 1);
        expectEmpty();
        hub.claim(taskid);
        vm.warp(vm.getBlockTimestamp() + 1);
        expectUnlock(requester, TOTAL);
        expectNext();
        emit IEscrow.Seize(poolOwner, POOL_STAKE, taskid);
        expectNext();
        emit IEscrow.Reward(Kitty.ADDRESS, POOL_STAKE, taskid);
        expectNext();
        emit IEscrow.Lock(Kitty.ADDRESS, POOL_STAKE);
        expectUnlock(worker(0), POOL_STAKE);
        expectUnlock(worker(1), POOL_STAKE);
        expectNext();
        emit ITasks.TaskClaimed(taskid);
        vm.prank(stranger);
        hub.claim(taskid);
        expectStatus(taskid, TaskStatus.FAILED);
        eq(free(requester), 1000e9, "refunded");
        eq(free(worker(1)), 100e9, "stakes back");
        eq(frozen(Kitty.ADDRESS), POOL_STAKE, "kitty");
        eq(hub.balanceOf(address(hub)), POOL_STAKE, "hub holds the kitty");
        expectEmpty();
        hub.claim(taskid);
    }

    function test_ClaimAfterReopenPunishesNobody() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        vm.warp(hub.viewTask(taskid).revealDeadline);
        vm.prank(poolOwner);
        hub.reopen(taskid);
        warpTo(taskid, 10);
        hub.claim(taskid);
        eq(free(worker(0)), 100e9, "stake back");
    }

    function test_ClaimOfARevealingTask_RefundsTheSponsor() public {
        fund(stranger, 10e9);
        Orders memory o = sign(draft());
        vm.prank(stranger);
        bytes32 taskid = hub.initialize(matchSponsored(o), 0);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        warpTo(taskid, 10);
        hub.claim(taskid);
        eq(free(stranger), 10e9, "sponsor");
        eq(free(requester), 1000e9, "requester");
    }

    function test_ClaimRefusesUnsetAndCompleted() public {
        expectEmpty();
        hub.claim(keccak256("unknown"));
        bytes32 taskid = agreed();
        finalize(taskid);
        warpTo(taskid, 10);
        expectEmpty();
        hub.claim(taskid);
    }

    function test_ClaimArrays() public {
        Orders memory o = draft();
        o.request.volume = 2;
        bytes32 dealid = matchAll(sign(o));
        vm.warp(vm.getBlockTimestamp() + 10 * T);
        bytes32[] memory deals = new bytes32[](2);
        (deals[0], deals[1]) = (dealid, dealid);
        uint256[] memory indexes = new uint256[](2);
        expectEmpty();
        hub.initializeAndClaimArray(deals, indexes);
        expectEmpty();
        hub.initializeAndClaimArray(deals, new uint256[](1));
        indexes[1] = 1;
        uint256 clean = vm.snapshotState();
        ok(hub.initializeAndClaimArray(deals, indexes), "true");
        eq(free(requester), 1000e9, "refunded");
        vm.revertToState(clean);
        bytes32[] memory tasks = new bytes32[](2);
        tasks[0] = hub.initialize(dealid, 0);
        expectEmpty();
        hub.claimArray(tasks);
        tasks[1] = hub.initialize(dealid, 1);
        ok(hub.claimArray(tasks), "true");
        expectStatus(tasks[1], TaskStatus.FAILED);
    }

    function test_CallbackGetsTheResult() public {
        Consumer consumer = new Consumer();
        bytes32 taskid = agreedWith(address(consumer), "on-chain result");
        refusesFinalize(taskid, poolOwner, "");
        refusesFinalize(taskid, poolOwner, "another result");
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "task-pending"));
        hub.resultFor(taskid);
        vm.prank(poolOwner);
        hub.finalize(taskid, "", "on-chain result");
        eq(consumer.taskid(), taskid, "task");
        eq(consumer.data(), "on-chain result", "data");
        eq(consumer.caller(), address(hub), "caller");
        eq(hub.resultFor(taskid), "on-chain result", "pull side");
    }

    function test_CallbackMayFail() public {
        address[3] memory targets = [stranger, address(hasher), address(new GasWaster())];
        for (uint256 i; i < 3; ++i) {
            uint256 clean = vm.snapshotState();
            bytes32 taskid = agreedWith(targets[i], "data");
            vm.prank(poolOwner);
            hub.finalize(taskid, "", "data");
            expectStatus(taskid, TaskStatus.COMPLETED);
            vm.revertToState(clean);
        }
    }

    function test_CallbackCannotBeStarved() public {
        bytes32 taskid = agreedWith(address(new GasWaster()), "data");
        bytes memory data = abi.encodeCall(hub.finalize, (taskid, "", "data"));
        bool starved;
        for (uint256 amount = 250_000; !starved; amount += 500) {
            uint256 clean = vm.snapshotState();
            vm.prank(poolOwner);
            (bool success, bytes memory reason) = address(hub).call{gas: amount}(data);
            ok(!success, "delivered with too little gas");
            starved = keccak256(reason) == keccak256(abi.encodeWithSignature("Panic(uint256)", 1));
            vm.revertToState(clean);
        }
    }

    function playExample(string memory file, string memory base) private {
        uint256 poolPrice = vm.parseJsonUint(file, string.concat(base, ".workerpoolPrice"));
        vm.prank(poolOwner);
        IWorkerpool(pool)
            .changePolicy(
                vm.parseJsonUint(file, string.concat(base, ".workerStakeRatio")),
                vm.parseJsonUint(file, string.concat(base, ".schedulerRewardRatio"))
            );
        Orders memory o = withoutDataset(draft());
        (o.app.appprice, o.workerpool.workerpoolprice, o.request.workerpoolmaxprice) = (0, poolPrice, poolPrice);
        o.request.trust = vm.parseJsonUint(file, string.concat(base, ".trust"));
        bytes32 taskid = startTask(o);

        uint256[] memory scores = vm.parseJsonUintArray(file, string.concat(base, ".scores"));
        uint256[] memory values = vm.parseJsonUintArray(file, string.concat(base, ".values"));
        for (uint256 i; i < scores.length; ++i) {
            expectStatus(taskid, TaskStatus.ACTIVE);
            setScore(worker(i), scores[i]);
            contribute(i, taskid, bytes32(values[i]));
        }
        expectStatus(taskid, TaskStatus.REVEALING);
        uint256 winner = vm.parseJsonUint(file, string.concat(base, ".winner"));
        for (uint256 i; i < values.length; ++i) {
            if (values[i] == winner) reveal(i, taskid, bytes32(winner));
        }
        uint256 before = free(poolOwner);
        finalize(taskid);
        uint256 reward = vm.parseJsonUint(file, string.concat(base, ".schedulerReward"));
        eq(free(poolOwner), before + poolPrice * 30 / 100 + reward, "scheduler");
        checkWorkers(file, base, hub.viewDeal(hub.viewTask(taskid).dealid).workerStake);
    }

    function checkWorkers(string memory file, string memory base, uint256 stake) private view {
        uint256[] memory rewards = vm.parseJsonUintArray(file, string.concat(base, ".rewards"));
        uint256[] memory scores = vm.parseJsonUintArray(file, string.concat(base, ".scoresAfter"));
        for (uint256 i; i < rewards.length; ++i) {
            uint256 expected = rewards[i] == 0 ? 100e9 - stake : 100e9 + rewards[i];
            eq(free(worker(i)), expected, "worker");
            eq(hub.viewScore(worker(i)), scores[i], "score");
        }
    }

    /// Two workers of a task of trust 4 agreed and revealed.
    function agreed() private returns (bytes32 taskid) {
        return agreedWith(address(0), "result");
    }

    function agreedWith(address callback, bytes memory data) private returns (bytes32 taskid) {
        Orders memory o = draft();
        o.request.callback = callback;
        taskid = startTask(o);
        for (uint256 i; i < 2; ++i) {
            contribute(i, taskid, keccak256(data));
        }
        for (uint256 i; i < 2; ++i) {
            reveal(i, taskid, keccak256(data));
        }
    }

    /// Missed deadlines fill the kitty; here it is written, with the balance that backs it.
    function fillKitty(uint256 amount) private {
        fund(stranger, amount);
        store(stranger, 0);
        store(address(hub), hub.balanceOf(address(hub)) + amount);
        store(Kitty.ADDRESS, amount << 96);
        eq(frozen(Kitty.ADDRESS), amount, "kitty written");
    }

    function store(address who, uint256 account) private {
        vm.store(address(hub), keccak256(abi.encode(who, uint256(Ledger.SLOT) + 1)), bytes32(account));
    }

    function refusesFinalize(bytes32 taskid, address who, bytes memory data) private {
        vm.prank(who);
        expectEmpty();
        hub.finalize(taskid, "", data);
    }

    function expectReward(address who, uint256 amount, bytes32 taskid) private {
        expectNext();
        emit IERC20.Transfer(address(hub), who, amount);
        expectNext();
        emit IEscrow.Reward(who, amount, taskid);
    }

    function expectUnlock(address who, uint256 amount) private {
        expectNext();
        emit IERC20.Transfer(address(hub), who, amount);
        expectNext();
        emit IEscrow.Unlock(who, amount);
    }

    function expectNext() private {
        vm.expectEmit(true, true, true, true, address(hub));
    }
}
