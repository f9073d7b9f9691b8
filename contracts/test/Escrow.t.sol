// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC2535DiamondCutInternal} from "@solidstate/contracts/interfaces/IERC2535DiamondCutInternal.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {IMatching} from "../src/interfaces/IMatching.sol";
import {AccountView} from "../src/interfaces/IStakedToken.sol";
import {IHub} from "./support/IHub.sol";
import {Market} from "./support/Market.sol";
import {ReceiverContract, RefusingToken, SilentFacet} from "./support/Parties.sol";

/// Deposits, withdrawals, deposit-and-match, and the free balances as an ERC-20.
contract EscrowTest is Market {
    function test_Token() public view {
        eq(token.totalSupply(), 87_000_000e9, "supply");
        eq(token.decimals(), 9, "decimals");
        eq(token.symbol(), "RLC", "symbol");
    }

    function test_DepositAndWithdraw() public {
        give(stranger, 10);
        vm.startPrank(stranger);
        token.approve(address(hub), 10);
        vm.expectEmit(true, true, true, true, address(hub));
        emit IERC20.Transfer(address(0), stranger, 7);
        ok(hub.deposit(7), "true");
        ok(hub.deposit(0), "zero");
        eq(hub.balanceOf(stranger), 7, "free");
        vm.expectEmit(true, true, true, true, address(hub));
        emit IERC20.Transfer(stranger, address(0), 3);
        ok(hub.withdraw(3), "true");
        ok(hub.withdrawTo(2, requester), "true");
        eq(token.balanceOf(stranger), 6, "tokens");
        eq(token.balanceOf(requester), 2, "target");
        expectEmpty();
        hub.withdraw(3);
        expectEmpty();
        hub.withdrawTo(3, requester);
        vm.expectRevert();
        hub.deposit(4);
    }

    function test_DepositForOthers() public {
        give(stranger, 10);
        vm.startPrank(stranger);
        token.approve(address(hub), 10);
        hub.depositFor(1, appOwner);
        uint256[] memory amounts = new uint256[](2);
        address[] memory targets = new address[](2);
        (amounts[0], amounts[1], targets[0], targets[1]) = (2, 3, appOwner, datasetOwner);
        hub.depositForArray(amounts, targets);
        eq(hub.balanceOf(appOwner), 3, "first");
        eq(hub.balanceOf(datasetOwner), 3, "second");
        expectText("invalid-array-length");
        hub.depositForArray(amounts, new address[](1));
        expectText("ERC20: mint to the zero address");
        hub.depositFor(1, address(0));
    }

    function test_TokenThatRefuses() public {
        IHub other = deployHub();
        address bad = address(new RefusingToken());
        vm.prank(OWNER);
        other.configure(bad, "", "", 9, address(0), address(0), address(0), address(0));
        expectText("failed-transferFrom");
        other.deposit(1);
    }

    function test_PlainTransfersAndUnknownCallsAreRefused() public {
        vm.deal(address(this), 1 ether);
        (bool success, bytes memory reason) = address(hub).call{value: 1}("");
        ok(!success, "receive");
        eq(reason, abi.encodeWithSignature("Error(string)", "fallback-disabled"), "receive");
        (success, reason) = address(hub).call(abi.encodeWithSignature("renounceOwnership()"));
        eq(reason, abi.encodeWithSignature("Error(string)", "fallback-disabled"), "unknown");
        (success, reason) = address(hub).call(hex"00000000ff");
        eq(reason, abi.encodeWithSignature("Error(string)", "fallback-disabled"), "selector zero");
        (success, reason) = address(hub).call(hex"12");
        eq(reason, abi.encodeWithSignature("Error(string)", "fallback-disabled"), "one byte");
    }

    function test_RecoverCreditsStrayTokens() public {
        give(address(hub), 5);
        expectText("Ownable: caller is not the owner");
        hub.recover();
        vm.startPrank(OWNER);
        eq(hub.recover(), 5, "delta");
        eq(hub.balanceOf(OWNER), 5, "owner");
        eq(hub.recover(), 0, "nothing left");
    }

    function test_ReceiveApprovalDeposits() public {
        give(requester, 10);
        vm.prank(requester);
        token.approveAndCall(address(hub), 10, "");
        eq(hub.balanceOf(requester), 1000e9 + 10, "deposited");
        expectText("wrong-token");
        hub.receiveApproval(requester, 1, stranger, "");
    }

    function test_DepositAndMatch() public {
        vm.prank(requester);
        hub.withdraw(1000e9);
        Orders memory o = sign(draft());
        uint256 price = APP_PRICE + DATASET_PRICE + POOL_PRICE;
        vm.prank(requester);
        token.approveAndCall(address(hub), price, matchCall(o));
        bytes32 dealid = keccak256(abi.encode(digest(hasher.request(o.request)), uint256(0)));
        eq(hub.viewDeal(dealid).sponsor, requester, "deal made");
        eq(frozen(requester), price, "paid");
        eq(free(requester), 0, "nothing left");
    }

    function test_DepositAndMatchRefuses() public {
        Orders memory o = sign(draft());
        bytes memory data = matchCall(o);
        vm.startPrank(requester);
        expectEmpty();
        token.approveAndCall(address(hub), 0, hex"112233");
        vm.expectRevert(abi.encodeWithSelector(IEscrow.UnsupportedOperation.selector, bytes4(0x11223344)));
        token.approveAndCall(address(hub), 0, hex"1122334455");
        expectEmpty();
        token.approveAndCall(address(hub), 0, abi.encodePacked(IMatching.matchOrders.selector, "short"));
        vm.stopPrank();
        vm.prank(stranger);
        vm.expectRevert(IEscrow.CallerIsNotTheRequester.selector);
        token.approveAndCall(address(hub), 0, data);
        vm.startPrank(requester);
        token.approveAndCall(address(hub), 0, data);
        expectText("iExecV5-matchOrders-0x60");
        token.approveAndCall(address(hub), 0, data);
    }

    function test_DepositAndMatchFailingSilently() public {
        IERC2535DiamondCutInternal.FacetCut[] memory cuts = new IERC2535DiamondCutInternal.FacetCut[](1);
        cuts[0].target = address(new SilentFacet());
        cuts[0].action = IERC2535DiamondCutInternal.FacetCutAction.REPLACE;
        cuts[0].selectors = new bytes4[](1);
        cuts[0].selectors[0] = IMatching.matchOrders.selector;
        vm.prank(OWNER);
        hub.diamondCut(cuts, address(0), "");
        bytes memory data = matchCall(sign(draft()));
        vm.prank(requester);
        vm.expectRevert(IEscrow.OperationFailed.selector);
        token.approveAndCall(address(hub), 0, data);
    }

    function test_Erc20() public {
        eq(hub.name(), "Staked RLC", "name");
        eq(hub.symbol(), "SRLC", "symbol");
        eq(hub.decimals(), 9, "decimals");
        eq(address(hub.token()), address(token), "token");
        eq(hub.totalSupply(), token.balanceOf(address(hub)), "supply");
        vm.startPrank(requester);
        ok(hub.transfer(stranger, 5), "true");
        eq(hub.balanceOf(stranger), 5, "received");
        expectText("ERC20: transfer to the zero address");
        hub.transfer(address(0), 1);
        expectEmpty();
        hub.transfer(stranger, 1000e9);
        ok(hub.approve(stranger, 10), "true");
        expectText("ERC20: approve to the zero address");
        hub.approve(address(0), 1);
        ok(hub.increaseAllowance(stranger, 5), "true");
        ok(hub.decreaseAllowance(stranger, 3), "true");
        eq(hub.allowance(requester, stranger), 12, "allowance");
        expectEmpty();
        hub.decreaseAllowance(stranger, 13);
        hub.increaseAllowance(stranger, type(uint256).max - 12);
        expectPanic(0x11);
        hub.increaseAllowance(stranger, 1);
        vm.stopPrank();

        vm.startPrank(stranger);
        vm.expectEmit(true, true, true, true, address(hub));
        emit IERC20.Transfer(requester, stranger, 4);
        vm.expectEmit(true, true, true, true, address(hub));
        emit IERC20.Approval(requester, stranger, type(uint256).max - 4);
        ok(hub.transferFrom(requester, stranger, 4), "true");
        expectEmpty();
        hub.transferFrom(appOwner, stranger, 1);
        expectEmpty();
        hub.transferFrom(datasetOwner, stranger, 1);
        expectText("ERC20: transfer from the zero address");
        hub.transferFrom(address(0), stranger, 1);
    }

    function test_ApproveAndCall() public {
        address willing = address(new ReceiverContract(true));
        address unwilling = address(new ReceiverContract(false));
        vm.startPrank(requester);
        ok(hub.approveAndCall(willing, 3, "x"), "true");
        eq(hub.allowance(requester, willing), 3, "allowance");
        expectText("approval-refused");
        hub.approveAndCall(unwilling, 3, "x");
    }

    function test_LockedValueDoesNotMove() public {
        Orders memory o = draft();
        matchAll(sign(o));
        AccountView memory a = hub.viewAccount(requester);
        eq(a.locked, APP_PRICE + DATASET_PRICE + POOL_PRICE, "locked");
        eq(a.stake + a.locked, 1000e9, "nothing lost");
        vm.prank(requester);
        expectEmpty();
        hub.withdraw(a.stake + 1);
        (uint256 stake, uint256 locked) = hub.viewAccountABILegacy(requester);
        ok(stake == a.stake && locked == a.locked, "flat view");
    }

    function testFuzz_TransfersConserve(uint256 amount, uint256 back) public {
        amount = bound(amount, 0, 1000e9);
        back = bound(back, 0, amount);
        uint256 supply = hub.totalSupply();
        vm.prank(requester);
        hub.transfer(stranger, amount);
        vm.prank(stranger);
        hub.withdraw(back);
        eq(hub.balanceOf(requester) + hub.balanceOf(stranger), 1000e9 - back, "sum");
        eq(hub.totalSupply(), supply - back, "supply");
        eq(token.balanceOf(address(hub)), hub.totalSupply(), "backed");
    }

    function matchCall(Orders memory o) private pure returns (bytes memory) {
        return abi.encodeCall(IMatching.matchOrders, (o.app, o.dataset, o.workerpool, o.request));
    }
}
