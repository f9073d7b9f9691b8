// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Group of accounts: a key is the address, left-padded; members have purpose 4.
interface IERC734 {
    /// Whether the key has the purpose. The hub asks without copying more than one word of the answer.
    function keyHasPurpose(bytes32 key, uint256 purpose) external view returns (bool exists);
}
