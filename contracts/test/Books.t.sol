// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Ledger} from "../src/escrow/Ledger.sol";
import {Payout} from "../src/escrow/Payout.sol";
import {Scores} from "../src/classic/Scores.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {TestBase} from "./support/TestBase.sol";

/// The accounts alone, without a market around them.
contract Books {
    using Payout for Payout.Open;

    function mint(address to, uint256 amount) external {
        Ledger.mint(to, amount);
    }

    function burn(address from, uint256 amount) external {
        Ledger.burn(from, amount);
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

    /// Two payments of the same payout.
    function unlockTwice(address owner, uint256 first, uint256 second) external {
        Payout.Open memory payout = Payout.open("ref");
        payout.unlock(owner, first);
        payout.unlock(owner, second);
        payout.close();
    }

    function seizeFor(address owner, address to, uint256 amount, uint256 reward) external {
        Payout.Open memory payout = Payout.open("ref");
        payout.seize(owner, amount);
        payout.reward(to, reward);
        payout.close();
    }

    function seizeLocked(address owner, address to, uint256 amount) external {
        Payout.Open memory payout = Payout.open("ref");
        payout.seize(owner, amount);
        payout.rewardLocked(to, amount);
        payout.close();
    }

    function release(address owner, uint256 stake, uint256 amount, uint256 score) external {
        Payout.Open memory payout = Payout.open("ref");
        payout.release(owner, stake, amount, score);
        payout.close();
    }

    function setScore(address who, uint256 score) external {
        Scores.set(who, score);
    }

    function free(address who) external view returns (uint256) {
        return Ledger.accountOf(who).free();
    }

    function frozen(address who) external view returns (uint256) {
        return Ledger.accountOf(who).frozen();
    }

    function score(address who) external view returns (uint256) {
        return Scores.of_(who);
    }

    function supply() external view returns (uint256) {
        return Ledger.load().totalSupply;
    }

    function allowance(address owner, address spender) external view returns (uint256) {
        return Ledger.load().allowances[owner][spender];
    }
}

/// Laws of the accounts at their limits: all that is there and one more, the zero address, the largest supply.
contract BooksTest is TestBase {
    address private constant ANN = address(0xA);
    address private constant BEN = address(0xB);
    string private constant TOO_MUCH = "IexecEscrow: Transfer amount exceeds balance";
    Books private books;

    function setUp() public {
        books = new Books();
    }

    function testFuzz_WhatIsMintedCanBeBurnt_AndNoMore(uint96 amount) public {
        vm.expectEmit(true, true, true, true, address(books));
        emit IERC20.Transfer(address(0), ANN, amount);
        books.mint(ANN, amount);
        eq(books.free(ANN), amount, "free");
        eq(books.supply(), amount, "supply");
        expectEmpty();
        books.burn(ANN, uint256(amount) + 1);
        vm.expectEmit(true, true, true, true, address(books));
        emit IERC20.Transfer(ANN, address(0), amount);
        books.burn(ANN, amount);
        eq(books.free(ANN) + books.supply(), 0, "nothing left");
    }

    function testFuzz_TheSupplyStaysBelow96Bits(uint96 first) public {
        books.mint(ANN, first);
        uint256 most = type(uint96).max - first;
        vm.expectRevert(abi.encodeWithSignature("SafeCastOverflowedUintDowncast(uint8,uint256)", 96, uint256(1) << 96));
        books.mint(BEN, most + 1);
        books.mint(BEN, most);
        eq(books.supply(), type(uint96).max, "supply");
        eq(books.free(ANN), first, "the other account stays");
    }

    function testFuzz_AllCanBeTransferred_AndNoMore(uint96 amount) public {
        books.mint(ANN, amount);
        expectEmpty();
        books.transfer(ANN, BEN, uint256(amount) + 1);
        vm.expectEmit(true, true, true, true, address(books));
        emit IERC20.Transfer(ANN, BEN, amount);
        books.transfer(ANN, BEN, amount);
        eq(books.free(BEN), amount, "received");
        eq(books.free(ANN), 0, "given");
    }

    function testFuzz_ATransferToOneselfChangesNothing(uint96 amount, uint96 part) public {
        books.mint(ANN, amount);
        books.transfer(ANN, ANN, bound(part, 0, amount));
        eq(books.free(ANN), amount, "free");
    }

    function testFuzz_AllCanBeLocked_AndNoMore(uint96 amount) public {
        amount = uint96(bound(amount, 0, type(uint96).max / 2));
        books.mint(ANN, amount);
        expectText(TOO_MUCH);
        books.lock(ANN, uint256(amount) + 1);
        vm.expectEmit(true, true, true, true, address(books));
        emit IERC20.Transfer(ANN, address(books), amount);
        vm.expectEmit(true, true, true, true, address(books));
        emit IEscrow.Lock(ANN, amount);
        books.lock(ANN, amount);
        eq(books.free(ANN), 0, "free");
        eq(books.frozen(ANN), amount, "frozen");
        eq(books.free(address(books)), amount, "held");
    }

    function test_NobodyIsTheZeroAddress() public {
        expectText("ERC20: mint to the zero address");
        books.mint(address(0), 0);
        expectText("ERC20: burn from the zero address");
        books.burn(address(0), 0);
        expectText("ERC20: transfer from the zero address");
        books.transfer(address(0), ANN, 0);
        expectText("ERC20: transfer to the zero address");
        books.transfer(ANN, address(0), 0);
        expectText("ERC20: approve from the zero address");
        books.approve(address(0), ANN, 0);
        expectText("ERC20: approve to the zero address");
        books.approve(ANN, address(0), 0);
        expectText("IexecEscrow: Transfer from empty address");
        books.lock(address(0), 0);
        expectText("IexecEscrow: Transfer to empty address");
        books.seizeFor(ANN, address(0), 0, 0);
    }

    function testFuzz_AnAllowanceIsWhatWasAllowedLast(uint256 first, uint256 second) public {
        books.approve(ANN, BEN, first);
        vm.expectEmit(true, true, true, true, address(books));
        emit IERC20.Approval(ANN, BEN, second);
        books.approve(ANN, BEN, second);
        eq(books.allowance(ANN, BEN), second, "allowed");
        eq(books.allowance(BEN, ANN), 0, "not the other way");
    }

    function testFuzz_AllThatIsLockedComesBack_AndNoMore(uint96 amount, uint96 first) public {
        amount = uint96(bound(amount, 0, type(uint96).max / 2));
        first = uint96(bound(first, 0, amount));
        books.mint(ANN, amount);
        books.lock(ANN, amount);
        expectPanic(0x11);
        books.unlockTwice(ANN, first, uint256(amount) - first + 1);
        vm.expectEmit(true, true, true, true, address(books));
        emit IERC20.Transfer(address(books), ANN, first);
        vm.expectEmit(true, true, true, true, address(books));
        emit IEscrow.Unlock(ANN, first);
        books.unlockTwice(ANN, first, amount - first);
        eq(books.free(ANN), amount, "free");
        eq(books.frozen(ANN) + books.free(address(books)), 0, "nothing locked");
    }

    function testFuzz_NoMoreIsRewardedThanIsHeld(uint96 amount) public {
        amount = uint96(bound(amount, 0, type(uint96).max / 2));
        books.mint(ANN, amount);
        books.lock(ANN, amount);
        expectPanic(0x11);
        books.seizeFor(ANN, BEN, uint256(amount) + 1, 0);
        expectText(TOO_MUCH);
        books.seizeFor(ANN, BEN, amount, uint256(amount) + 1);
        vm.expectEmit(true, true, true, true, address(books));
        emit IEscrow.Seize(ANN, amount, "ref");
        vm.expectEmit(true, true, true, true, address(books));
        emit IERC20.Transfer(address(books), BEN, amount);
        vm.expectEmit(true, true, true, true, address(books));
        emit IEscrow.Reward(BEN, amount, "ref");
        books.seizeFor(ANN, BEN, amount, amount);
        eq(books.free(BEN), amount, "rewarded");
        eq(books.free(ANN) + books.frozen(ANN) + books.free(address(books)), 0, "taken");
    }

    function testFuzz_SeizedValueMayStayLocked(uint96 amount) public {
        amount = uint96(bound(amount, 0, type(uint96).max / 2));
        books.mint(ANN, amount);
        books.lock(ANN, amount);
        vm.expectEmit(true, true, true, true, address(books));
        emit IEscrow.Seize(ANN, amount, "ref");
        vm.expectEmit(true, true, true, true, address(books));
        emit IEscrow.Reward(BEN, amount, "ref");
        vm.expectEmit(true, true, true, true, address(books));
        emit IEscrow.Lock(BEN, amount);
        books.seizeLocked(ANN, BEN, amount);
        eq(books.frozen(BEN), amount, "locked");
        eq(books.free(address(books)), amount, "held");
        eq(books.frozen(ANN), 0, "taken");
    }

    function testFuzz_AReleaseGivesStakeRewardAndScore(uint96 stake, uint96 amount, uint32 score) public {
        stake = uint96(bound(stake, 0, type(uint96).max / 4));
        amount = uint96(bound(amount, 0, type(uint96).max / 4));
        books.mint(ANN, stake);
        books.lock(ANN, stake);
        books.mint(BEN, amount);
        books.lock(BEN, amount);
        books.setScore(ANN, 7);
        vm.expectEmit(true, true, true, true, address(books));
        emit IERC20.Transfer(address(books), ANN, stake);
        vm.expectEmit(true, true, true, true, address(books));
        emit IEscrow.Unlock(ANN, stake);
        vm.expectEmit(true, true, true, true, address(books));
        emit IERC20.Transfer(address(books), ANN, amount);
        vm.expectEmit(true, true, true, true, address(books));
        emit IEscrow.Reward(ANN, amount, "ref");
        books.release(ANN, stake, amount, score);
        eq(books.free(ANN), uint256(stake) + amount, "free");
        eq(books.frozen(ANN) + books.free(address(books)), 0, "nothing left");
        eq(books.score(ANN), score, "score");
    }

    function testFuzz_ScoresFitAndLeaveTheMoneyAlone(uint96 amount, uint256 score) public {
        books.mint(ANN, amount);
        books.setScore(ANN, score);
        eq(books.score(ANN), score < type(uint32).max ? score : type(uint32).max, "score");
        eq(books.free(ANN), amount, "free");
    }

    function testFuzz_ScoresAreRaisedByOneAndLoweredByAThird(uint32 score) public pure {
        eq(Scores.raised(score), score == type(uint32).max ? score : uint256(score) + 1, "raised");
        eq(Scores.lowered(score), uint256(score) - (uint256(score) + 2) / 3, "a third less, rounded up");
        eq(Scores.raised(type(uint32).max), type(uint32).max, "the largest stays");
        eq(Scores.raised(type(uint32).max - 1), type(uint32).max, "the largest is reached");
    }
}
