// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IWorkerpool} from "../src/interfaces/IRegistryEntry.sol";
import {Market} from "./support/Market.sol";

/// Refusals whose reason depends on what is looked at first; the published contracts give the same.
contract PublishedRefusalsTest is Market {
    /// Code that answers this word to everything.
    function answering(bytes32 word) private pure returns (bytes memory) {
        return abi.encodePacked(hex"7f", word, hex"5f5260205ff3");
    }

    function test_AnswerThatIsNoBytes4() public {
        vm.etch(requester, answering(bytes32(uint256(2))));
        Orders memory o = sign(draft());
        expectEmpty();
        matchAll(o);
        expectEmpty();
        hub.verifySignature(requester, "digest", "");
    }

    function test_AnswerTooShort() public {
        vm.etch(requester, hex"60045ff3");
        Orders memory o = sign(draft());
        expectEmpty();
        matchAll(o);
    }

    function test_AnswerOfAnotherSelector() public {
        vm.etch(requester, answering(bytes32(bytes4(0xffffffff))));
        Orders memory o = sign(draft());
        expectText("iExecV5-matchOrders-0x50");
        matchAll(o);
    }

    function test_WalletThatReverts() public {
        vm.etch(requester, hex"5f5ffd");
        ok(!hub.verifySignature(requester, "digest", ""), "it did not sign");
    }

    /// The stake of a worker overflows before anybody's money is looked at.
    function test_StakeOverflow() public {
        Orders memory o = priced(2 ** 255);
        expectPanic(0x11);
        matchAll(o);
    }

    /// A stake that fits no account is refused after the money.
    function test_StakeOfManyRatios() public {
        vm.prank(poolOwner);
        IWorkerpool(pool).changePolicy(2 ** 96, 1);
        Orders memory o = priced(2000e9);
        expectText("IexecEscrow: Transfer amount exceeds balance");
        matchAll(o);
        o = priced(100e9);
        vm.expectRevert(abi.encodeWithSignature("SafeCastOverflowedUintDowncast(uint8,uint256)", 96, 1e9 * 2 ** 96));
        matchAll(o);
    }

    function priced(uint256 price) private view returns (Orders memory o) {
        o = withoutDataset(draft());
        o.workerpool.workerpoolprice = o.request.workerpoolmaxprice = price;
        o = sign(o);
        o.dataset.sign = "";
    }
}
