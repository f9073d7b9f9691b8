// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Vm} from "./Vm.sol";

/// Assertions and the cheatcode address. Failures revert with the values.
abstract contract TestBase {
    error NotEqual(string what, uint256 got, uint256 want);
    error NotEqualBytes(string what, bytes got, bytes want);
    error Failed(string what);

    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function eq(uint256 got, uint256 want, string memory what) internal pure {
        if (got != want) revert NotEqual(what, got, want);
    }

    function eq(address got, address want, string memory what) internal pure {
        eq(uint256(uint160(got)), uint256(uint160(want)), what);
    }

    function eq(bytes32 got, bytes32 want, string memory what) internal pure {
        eq(uint256(got), uint256(want), what);
    }

    function eq(bytes memory got, bytes memory want, string memory what) internal pure {
        if (keccak256(got) != keccak256(want)) revert NotEqualBytes(what, got, want);
    }

    function eq(string memory got, string memory want, string memory what) internal pure {
        eq(bytes(got), bytes(want), what);
    }

    function ok(bool condition, string memory what) internal pure {
        if (!condition) revert Failed(what);
    }

    function expectText(string memory reason) internal {
        vm.expectRevert(abi.encodeWithSignature("Error(string)", reason));
    }

    function expectEmpty() internal {
        vm.expectRevert(bytes(""));
    }

    function expectPanic(uint256 code) internal {
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", code));
    }

    function bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + value % (high - low + 1);
    }
}
