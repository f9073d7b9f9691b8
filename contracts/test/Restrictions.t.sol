// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Restrictions} from "../src/orders/Restrictions.sol";
import {Market} from "./support/Market.sol";
import {Group, RevertingGroup} from "./support/Parties.sol";

/// Answers any question with so many bytes, all zero but a 1 at the end of a whole word.
contract TerseGroup {
    uint256 private immutable length;

    constructor(uint256 length_) {
        length = length_;
    }

    fallback() external {
        uint256 size = length;
        assembly ("memory-safe") {
            mstore(0, 1)
            return(0, size)
        }
    }
}

/// Every restriction of every order: the address itself, a group with and without it, an outsider, a broken group.
contract RestrictionsTest is Market {
    uint256 internal constant RESTRICTIONS = 10;

    function test_EachRestriction() public {
        for (uint256 i; i < RESTRICTIONS; ++i) {
            address candidate = candidateOf(i);
            accepted(i, candidate);
            accepted(i, address(new Group(candidate)));
            refusedAs(i, stranger);
            refusedAs(i, address(new Group(stranger)));
            refusedAs(i, address(new RevertingGroup()));
            refusedAs(i, address(hasher));
        }
    }

    function test_AllRestrictionsAtOnce() public {
        Orders memory o = draft();
        for (uint256 i; i < RESTRICTIONS; ++i) {
            restrict(o, i, address(new Group(candidateOf(i))));
        }
        matchAll(sign(o));
    }

    /// A word or more is an answer; less is none, whatever stands in memory where its end would be.
    function test_AShortAnswerMakesNobodyAMember() public {
        for (uint256 length; length < 34; ++length) {
            address group = address(new TerseGroup(length));
            assembly ("memory-safe") {
                mstore(0, 1)
            }
            ok(Restrictions.allows(group, stranger) == (length > 31), "member");
        }
    }

    function accepted(uint256 i, address restriction) private {
        Orders memory o = draft();
        restrict(o, i, restriction);
        uint256 clean = vm.snapshotState();
        matchAll(sign(o));
        vm.revertToState(clean);
    }

    function refusedAs(uint256 i, address restriction) private {
        Orders memory o = draft();
        restrict(o, i, restriction);
        o = sign(o);
        string[10] memory codes = ["12", "13", "14", "15", "16", "17", "18", "19", "1a", "1b"];
        expectText(string.concat("iExecV5-matchOrders-0x", codes[i]));
        matchAll(o);
    }
}
