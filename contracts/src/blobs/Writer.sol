// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Place in a memory buffer at which packed big-endian values are written one after the other; the mirror of Reader.
/// Each write touches 32 bytes from its place on, so the buffer must have room for one word more than its content.
type Writer is uint256;

using {putUint, putAddress, putWord, putBytes} for Writer global;

/// Buffer for at most `capacity` bytes and a writer at its start; ended by `seal`.
function newBuffer(uint256 capacity) pure returns (bytes memory buffer, Writer writer) {
    // Assembly: the buffer need not be cleared, as `new bytes` would do, because everything up to its end gets written.
    assembly ("memory-safe") {
        buffer := mload(0x40)
        writer := add(buffer, 32)
        mstore(0x40, and(add(add(writer, capacity), 63), not(31)))
    }
}

/// Ends the buffer at the writer's place.
function seal(bytes memory buffer, Writer writer) pure {
    assembly ("memory-safe") {
        mstore(buffer, sub(writer, add(buffer, 32)))
    }
}

/// Number of `size` bytes, 1 to 32, which it must fit.
function putUint(Writer writer, uint256 value, uint256 size) pure returns (Writer next) {
    // Assembly: an unaligned store. The next write covers what this one writes too much.
    assembly ("memory-safe") {
        mstore(writer, shl(sub(256, shl(3, size)), value))
        next := add(writer, size)
    }
}

function putAddress(Writer writer, address account) pure returns (Writer next) {
    return putUint(writer, uint160(account), 20);
}

function putWord(Writer writer, bytes32 word) pure returns (Writer next) {
    return putUint(writer, uint256(word), 32);
}

function putBytes(Writer writer, bytes calldata data) pure returns (Writer next) {
    assembly ("memory-safe") {
        calldatacopy(writer, data.offset, data.length)
        next := add(writer, data.length)
    }
}
