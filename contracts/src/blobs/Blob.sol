// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Bytes that never change, kept as the code of a contract of their own. The zero address is the empty blob.
/// Writing costs 32 000 gas and 200 for each byte, where storage takes 22 100 for each 32 bytes; reading costs one cold
/// account, whatever the length. The code begins with STOP, so calling a blob does nothing.
type Blob is address;

using {read, isEmpty} for Blob global;

// Most bytes one blob can hold: the size limit of code, less the STOP.
uint256 constant MAX_BLOB_SIZE = 24_575;

/// Out of gas, or reverts without a reason, when `data` is longer than MAX_BLOB_SIZE.
function writeBlob(bytes memory data) returns (Blob) {
    address created;
    // Assembly: the init code is put before the data in place of its length, which is restored, so nothing is copied.
    // Init code, 10 bytes: PUSH2 size, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN. Then STOP and the data.
    assembly ("memory-safe") {
        let length := mload(data)
        mstore(data, or(0x61000080600a5f395ff300, shl(64, add(length, 1))))
        if lt(length, 24576) { created := create(0, add(data, 21), add(length, 11)) }
        mstore(data, length)
    }
    require(created != address(0));
    return Blob.wrap(created);
}

function read(Blob blob) view returns (bytes memory data) {
    // Assembly: the only way to read code from its second byte on without copying twice.
    assembly ("memory-safe") {
        let size := extcodesize(blob)
        let length := sub(size, iszero(iszero(size)))
        data := mload(0x40)
        mstore(data, length)
        extcodecopy(blob, add(data, 32), 1, length)
        mstore(0x40, and(add(add(data, length), 63), not(31)))
    }
}

function isEmpty(Blob blob) pure returns (bool) {
    return Blob.unwrap(blob) == address(0);
}
