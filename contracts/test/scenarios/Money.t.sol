// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Kitty} from "../../src/classic/Kitty.sol";
import {Ledger} from "../../src/escrow/Ledger.sol";
import {Payout} from "../../src/escrow/Payout.sol";
import {IConfiguration} from "../../src/interfaces/IConfiguration.sol";
import {IEscrow} from "../../src/interfaces/IEscrow.sol";
import {IMatching} from "../../src/interfaces/IMatching.sol";
import {Deal, TaskStatus} from "../../src/interfaces/Views.sol";
import {Consumer, GasWaster, ReceiverContract, UnregisteredAsset} from "../support/Parties.sol";
import {Scenario} from "../support/Scenario.sol";

/// The escrow's own steps, one call each, on the ledger of whoever deploys this.
contract Purse {
    using Payout for Payout.Open;

    function mint(address owner, uint256 amount) external {
        Ledger.mint(owner, amount);
    }

    function burn(address owner, uint256 amount) external {
        Ledger.burn(owner, amount);
    }

    function transfer(address from, address to, uint256 amount) external {
        Ledger.transfer(from, to, amount);
    }

    function approve(address owner, address spender, uint256 amount) external {
        Ledger.approve(owner, spender, amount);
    }

    function lock(address owner, uint256 amount) external {
        Ledger.lock(owner, amount);
    }

    function unlock(address owner, uint256 amount) external {
        Payout.Open memory payout = Payout.open("ref");
        payout.unlock(owner, amount);
        payout.close();
    }

    function reward(address owner, uint256 amount) external {
        Payout.Open memory payout = Payout.open("ref");
        payout.reward(owner, amount);
        payout.close();
    }

    function seize(address owner, uint256 amount) external {
        Payout.Open memory payout = Payout.open("ref");
        payout.seize(owner, amount);
        payout.close();
    }

    function free(address owner) external view returns (uint256) {
        return Ledger.accountOf(owner).free();
    }

    function frozen(address owner) external view returns (uint256) {
        return Ledger.accountOf(owner).frozen();
    }
}

/// Deposits, withdrawals, the staked token, deposit-and-match, callbacks: each case of money alone.
contract MoneyTest is Scenario {
    // -- locking, unlocking, rewarding, seizing

    function test_Lock() public {
        Purse purse = filledPurse();
        vm.expectEmit(true, true, true, true, address(purse));
        emit IERC20.Transfer(requester, address(purse), 4);
        vm.expectEmit(true, true, true, true, address(purse));
        emit IEscrow.Lock(requester, 4);
        purse.lock(requester, 4);
        ok(purse.free(requester) == 6 && purse.frozen(requester) == 4 && purse.free(address(purse)) == 4, "locked");
        expectText("IexecEscrow: Transfer amount exceeds balance");
        purse.lock(requester, 7);
        expectText("IexecEscrow: Transfer from empty address");
        purse.lock(address(0), 0);
    }

    function test_Unlock() public {
        Purse purse = filledPurse();
        purse.lock(requester, 4);
        vm.expectEmit(true, true, true, true, address(purse));
        emit IERC20.Transfer(address(purse), requester, 3);
        vm.expectEmit(true, true, true, true, address(purse));
        emit IEscrow.Unlock(requester, 3);
        purse.unlock(requester, 3);
        ok(purse.free(requester) == 9 && purse.frozen(requester) == 1 && purse.free(address(purse)) == 1, "unlocked");
        expectPanic(0x11);
        purse.unlock(requester, 2);
        expectText("IexecEscrow: Transfer to empty address");
        purse.unlock(address(0), 0);
    }

    /// A reward comes out of what was seized before; there is no other source.
    function test_SeizeAndReward() public {
        Purse purse = filledPurse();
        purse.lock(requester, 4);
        vm.expectEmit(true, true, true, true, address(purse));
        emit IEscrow.Seize(requester, 4, "ref");
        purse.seize(requester, 4);
        ok(purse.frozen(requester) == 0 && purse.free(address(purse)) == 4, "seized value stays with the hub");
        expectPanic(0x11);
        purse.seize(requester, 1);
        expectPanic(0x11);
        purse.seize(address(0), 1);
        vm.expectEmit(true, true, true, true, address(purse));
        emit IEscrow.Reward(stranger, 3, "ref");
        purse.reward(stranger, 3);
        ok(purse.free(stranger) == 3 && purse.free(address(purse)) == 1, "paid");
        expectText("IexecEscrow: Transfer amount exceeds balance");
        purse.reward(stranger, 2);
        expectText("IexecEscrow: Transfer to empty address");
        purse.reward(address(0), 0);
    }

    function test_NobodyHoldsOrMoves() public {
        Purse purse = filledPurse();
        expectText("ERC20: mint to the zero address");
        purse.mint(address(0), 1);
        expectText("ERC20: burn from the zero address");
        purse.burn(address(0), 0);
        expectText("ERC20: transfer from the zero address");
        purse.transfer(address(0), requester, 0);
        expectText("ERC20: approve from the zero address");
        purse.approve(address(0), requester, 0);
    }

    // -- deposits and withdrawals

    function test_DepositCases() public {
        give(stranger, 10);
        vm.startPrank(stranger);
        vm.expectRevert();
        hub.deposit(1);
        vm.expectRevert();
        hub.depositFor(1, requester);
        token.approve(address(hub), 10);
        ok(hub.deposit(0) && hub.depositFor(0, requester), "nothing is fine");
        uint256[] memory none;
        ok(hub.depositForArray(none, new address[](0)), "so is an empty list");
        expectText("invalid-array-length");
        hub.depositForArray(new uint256[](1), new address[](2));
        expectText("ERC20: mint to the zero address");
        hub.depositForArray(new uint256[](1), new address[](1));
        vm.stopPrank();
        vm.prank(address(0));
        vm.expectRevert();
        hub.deposit(0);
    }

    function test_WithdrawalCases() public {
        vm.startPrank(stranger);
        ok(hub.withdraw(0) && hub.withdrawTo(0, requester), "nothing is fine, from nothing too");
        expectEmpty();
        hub.withdraw(1);
        expectEmpty();
        hub.withdrawTo(1, requester);
        vm.stopPrank();
        vm.startPrank(requester);
        expectEmpty();
        hub.withdraw(1000e9 + 1);
        vm.expectRevert();
        hub.withdrawTo(1, address(0));
        hub.withdrawTo(1000e9, stranger);
        eq(token.balanceOf(stranger), 1000e9, "all of it");
    }

    /// What the hub holds belongs to those it is frozen for: nothing can be given to the hub itself.
    function test_NothingCanBeGivenToTheHub() public {
        give(requester, 1);
        vm.startPrank(requester);
        token.approve(address(hub), 1);
        expectText("ERC20: transfer to the hub");
        hub.transfer(address(hub), 1);
        expectText("ERC20: transfer to the hub");
        hub.withdrawTo(1, address(hub));
        expectText("ERC20: mint to the hub");
        hub.depositFor(1, address(hub));
        hub.approve(stranger, 1);
        vm.stopPrank();
        vm.prank(stranger);
        expectText("ERC20: transfer to the hub");
        hub.transferFrom(requester, address(hub), 1);
        checkBooks();
    }

    /// Tokens sent past the deposit are the owner's to credit, whatever is locked meanwhile, and only they.
    function test_RecoverAfterAStrayTransfer() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        give(address(hub), 123);
        vm.prank(OWNER);
        eq(hub.recover(), 123, "the stray tokens");
        eq(free(OWNER), 123, "credited");
        checkBooks();
        vm.prank(OWNER);
        hub.withdraw(123);
        eq(token.balanceOf(OWNER), 123, "and paid out");
        checkBooks();
    }

    // -- the staked token

    function test_TransferCases() public {
        vm.startPrank(requester);
        ok(hub.transfer(stranger, 0) && hub.transfer(requester, 1000e9), "nothing, and to oneself");
        eq(free(requester), 1000e9, "unchanged");
        expectEmpty();
        hub.transfer(requester, 1000e9 + 1);
        expectText("ERC20: transfer to the zero address");
        hub.transfer(address(0), 0);
        vm.stopPrank();
        vm.prank(address(0));
        expectText("ERC20: transfer from the zero address");
        hub.transfer(stranger, 0);
    }

    function test_TransferFromCases() public {
        vm.prank(requester);
        hub.approve(stranger, type(uint256).max);
        vm.prank(datasetOwner);
        hub.approve(stranger, 5);
        vm.startPrank(stranger);
        ok(hub.transferFrom(requester, stranger, 10), "true");
        eq(hub.allowance(requester, stranger), type(uint256).max - 10, "the largest allowance falls too");
        expectEmpty();
        hub.transferFrom(datasetOwner, stranger, 1);
        expectEmpty();
        hub.transferFrom(poolOwner, stranger, 1);
        expectText("ERC20: transfer to the zero address");
        hub.transferFrom(requester, address(0), 1);
        expectText("ERC20: transfer from the zero address");
        hub.transferFrom(address(0), stranger, 0);
    }

    function test_AllowanceCases() public {
        vm.startPrank(requester);
        expectText("ERC20: approve to the zero address");
        hub.approve(address(0), 0);
        expectText("ERC20: approve to the zero address");
        hub.increaseAllowance(address(0), 0);
        expectText("ERC20: approve to the zero address");
        hub.decreaseAllowance(address(0), 0);
        ok(hub.increaseAllowance(stranger, 3) && hub.decreaseAllowance(stranger, 3), "up and down");
        eq(hub.allowance(requester, stranger), 0, "nothing left");
        expectEmpty();
        hub.decreaseAllowance(stranger, 1);
        vm.stopPrank();
        vm.startPrank(address(0));
        expectText("ERC20: approve from the zero address");
        hub.approve(stranger, 0);
        expectText("ERC20: approve from the zero address");
        hub.increaseAllowance(stranger, 0);
        expectText("ERC20: approve from the zero address");
        hub.decreaseAllowance(stranger, 0);
    }

    function test_ApproveAndCallCases() public {
        address willing = address(new ReceiverContract(true));
        address unwilling = address(new ReceiverContract(false));
        vm.startPrank(requester);
        expectText("ERC20: approve to the zero address");
        hub.approveAndCall(address(0), 1, "");
        expectText("approval-refused");
        hub.approveAndCall(unwilling, 1, "");
        eq(hub.allowance(requester, unwilling), 0, "no allowance is left behind");
        vm.expectRevert();
        hub.approveAndCall(stranger, 1, "");
        ok(hub.approveAndCall(willing, 1, "x"), "true");
        vm.stopPrank();
        vm.prank(address(0));
        expectText("ERC20: approve from the zero address");
        hub.approveAndCall(willing, 1, "");
    }

    // -- deposit and match

    function test_DepositAndMatchCases() public {
        uint256 clean = vm.snapshotState();
        for (uint256 i; i < 4; ++i) {
            Orders memory o = i == 1 ? withoutDataset(draft()) : i == 2 ? gratis() : draft();
            uint256 price = o.app.appprice + o.dataset.datasetprice + o.workerpool.workerpoolprice;
            uint256 kept = i == 3 ? price - 10 : 0;
            vm.prank(requester);
            hub.withdraw(1000e9 - kept);
            bytes memory data = matchCall(sign(o));
            vm.prank(requester);
            ok(token.approveAndCall(address(hub), price - kept, data), "true");
            Deal memory d = hub.viewDeal(dealOf(o));
            ok(
                d.requester == requester && d.sponsor == requester,
                "the requester pays, from the deposit and what it had"
            );
            eq(frozen(requester), price, "locked");
            eq(free(requester), 0, "to the last nRLC");
            checkBooks();
            vm.revertToState(clean);
        }
    }

    /// Several in a row, each with a deposit of its own, and a plain deposit in between.
    function test_DepositAndMatchInARow() public {
        give(requester, 3 * (POOL_PRICE + 1));
        for (uint256 i; i < 3; ++i) {
            Orders memory o = draft();
            o.request.salt = bytes32(i);
            bytes memory data = matchCall(sign(o));
            vm.startPrank(requester);
            token.approveAndCall(address(hub), POOL_PRICE, data);
            token.approveAndCall(address(hub), 1, "");
            vm.stopPrank();
            eq(hub.viewDeal(dealOf(o)).requester, requester, "deal");
        }
        eq(free(requester), 1000e9 + 3 - 3 * (APP_PRICE + DATASET_PRICE), "each deposit came first");
        checkBooks();
    }

    /// A failing match takes the deposit back with it.
    function test_DepositAndMatchIsAllOrNothing() public {
        Orders memory o = draft();
        o.request.category = 2;
        bytes memory data = matchCall(sign(o));
        give(requester, 7);
        vm.prank(requester);
        expectText("iExecV5-matchOrders-0x00");
        token.approveAndCall(address(hub), 7, data);
        eq(token.balanceOf(requester), 7, "tokens");
        eq(free(requester), 1000e9, "deposits");
        o = sign(draft());
        vm.prank(requester);
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.UnsupportedOperation.selector, IMatching.sponsorMatchOrders.selector)
        );
        token.approveAndCall(
            address(hub), 7, abi.encodeCall(IMatching.sponsorMatchOrders, (o.app, o.dataset, o.workerpool, o.request))
        );
    }

    // -- callbacks

    /// A consumer, an account, a contract without the function, one that burns all its gas: paid all the same.
    function test_KindsOfCallbacks() public {
        Consumer consumer = new Consumer();
        address[4] memory targets =
            [address(consumer), stranger, address(new UnregisteredAsset(stranger)), address(new GasWaster())];
        for (uint256 i; i < 4; ++i) {
            Orders memory o = draft();
            (o.request.callback, o.request.salt) = (targets[i], bytes32(i));
            bytes32 taskid = startTask(o);
            agree(taskid, 2, "data");
            expectStatus(taskid, TaskStatus.COMPLETED);
            eq(hub.resultFor(taskid), "data", "kept for those who ask");
        }
        eq(consumer.data(), "data", "delivered");
        checkBooks();
    }

    /// The owner cannot ask for more gas than a transaction holds, so a callback never stops a task from ending.
    function test_CallbackGasHasALimit() public {
        vm.startPrank(OWNER);
        hub.setCallbackGas(10_000_000);
        vm.expectRevert(abi.encodeWithSelector(IConfiguration.CallbackGasTooHigh.selector, 10_000_001, 10_000_000));
        hub.setCallbackGas(10_000_001);
        vm.stopPrank();
        Orders memory o = draft();
        (o.request.callback, o.request.trust) = (address(new GasWaster()), 1);
        bytes32 taskid = startTask(o);
        contribute(0, taskid, keccak256("data"));
        reveal(0, taskid, keccak256("data"));
        vm.prank(poolOwner);
        hub.finalize{gas: 1 << 24}(taskid, "", "data");
        expectStatus(taskid, TaskStatus.COMPLETED);
    }

    /// Too little gas for the callback undoes everything with Panic(1): the same call with enough gas ends the task.
    function test_StarvedCallbackUndoesTheStep() public {
        Orders memory o = draft();
        o.request.callback = address(new GasWaster());
        o.request.trust = 1;
        bytes32 taskid = startTask(o);
        bytes memory permit = authorization(worker(0), taskid, address(0), POOL_KEY);
        bytes memory input =
            abi.encodeCall(hub.contributeAndFinalize, (taskid, keccak256("data"), "", "data", address(0), "", permit));
        bool starved;
        for (uint256 amount = 300_000; !starved; amount += 500) {
            vm.prank(worker(0));
            (bool success, bytes memory reason) = address(hub).call{gas: amount}(input);
            ok(!success, "delivered with too little gas");
            starved = keccak256(reason) == keccak256(abi.encodeWithSignature("Panic(uint256)", 1));
        }
        expectStatus(taskid, TaskStatus.ACTIVE);
        vm.prank(worker(0));
        (bool done,) = address(hub).call{gas: 2_000_000}(input);
        ok(done, "with enough gas");
        expectStatus(taskid, TaskStatus.COMPLETED);
        eq(frozen(Kitty.ADDRESS), 0, "kitty");
    }

    // -- helpers

    function filledPurse() private returns (Purse purse) {
        purse = new Purse();
        purse.mint(requester, 10);
    }

    function matchCall(Orders memory o) private pure returns (bytes memory) {
        return abi.encodeCall(IMatching.matchOrders, (o.app, o.dataset, o.workerpool, o.request));
    }

    function dealOf(Orders memory o) private view returns (bytes32) {
        return keccak256(abi.encode(digest(hasher.request(o.request)), uint256(0)));
    }
}
