// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Place in a memory buffer from which packed big-endian values are taken one after the other. The buffer must be at
/// least as long as what is taken; whoever reads its own format knows that.
type Reader is uint256;

using {takeUint, takeAddress, takeWord, takeBytes, takeRest} for Reader global;

/// Reader at the first byte of `data`.
function readerOf(bytes memory data) pure returns (Reader reader) {
    assembly ("memory-safe") {
        reader := add(data, 32)
    }
}

/// Number of `size` bytes, 1 to 32.
function takeUint(Reader reader, uint256 size) pure returns (uint256 value, Reader next) {
    // Assembly: an unaligned load and a shift; Solidity has no load at a memory position.
    assembly ("memory-safe") {
        value := shr(sub(256, shl(3, size)), mload(reader))
        next := add(reader, size)
    }
}

function takeAddress(Reader reader) pure returns (address value, Reader next) {
    uint256 number;
    (number, next) = takeUint(reader, 20);
    value = address(uint160(number));
}

function takeWord(Reader reader) pure returns (bytes32 value, Reader next) {
    uint256 number;
    (number, next) = takeUint(reader, 32);
    value = bytes32(number);
}

/// Copy of the next `size` bytes.
function takeBytes(Reader reader, uint256 size) pure returns (bytes memory value, Reader next) {
    value = new bytes(size);
    assembly ("memory-safe") {
        mcopy(add(value, 32), reader, size)
        next := add(reader, size)
    }
}

/// Copy of everything up to the end of the buffer.
function takeRest(Reader reader, bytes memory data) pure returns (bytes memory value) {
    uint256 end = Reader.unwrap(readerOf(data)) + data.length;
    (value,) = takeBytes(reader, end - Reader.unwrap(reader));
}
