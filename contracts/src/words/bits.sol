// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Fields of packed words. `offset` is the lowest bit, `size` the number of bits.

function field(uint256 word, uint256 offset, uint256 size) pure returns (uint256) {
    return (word >> offset) & ((1 << size) - 1);
}

/// The word with another value in the field; `value` must fit.
function withField(uint256 word, uint256 offset, uint256 size, uint256 value) pure returns (uint256) {
    return (word & ~(((1 << size) - 1) << offset)) | (value << offset);
}
