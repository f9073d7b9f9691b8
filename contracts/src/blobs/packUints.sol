// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// Bytes that the largest of the numbers needs, 1 to 32.
function widthOf(uint256[] memory numbers) pure returns (uint256) {
    uint256 all;
    for (uint256 i; i < numbers.length; ++i) {
        all |= numbers[i];
    }
    return Math.log256(all) + 1;
}

/// The numbers, big-endian, `width` bytes each, one after the other. They must fit.
function packUints(uint256[] memory numbers, uint256 width) pure returns (bytes memory packed) {
    uint256 length = numbers.length * width;
    // 32 bytes more than needed, because every write is a whole word.
    packed = new bytes(length + 32);
    for (uint256 i; i < numbers.length; ++i) {
        // Assembly: an unaligned store, which Solidity does not have. The next write covers what this one writes too much.
        assembly ("memory-safe") {
            mstore(add(add(packed, 32), mul(i, width)), shl(sub(256, shl(3, width)), mload(add(add(numbers, 32), shl(5, i)))))
        }
    }
    assembly ("memory-safe") {
        mstore(packed, length)
    }
}
