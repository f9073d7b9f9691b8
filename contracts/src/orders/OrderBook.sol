// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// On-chain memory of orders, keyed by order hash (the EIP-712 digest).
library OrderBook {
    struct State {
        mapping(bytes32 orderHash => address signer) presigned;
        mapping(bytes32 orderHash => uint256 volume) consumed;
    }

    /// ERC-7201 slot of namespace `gleaner.storage.OrderBook`.
    bytes32 internal constant SLOT = 0xd59e4c0fbe981ac8d618c884cde827efbeca0ca12102e55a2186b1a6b393b100;

    function load() internal pure returns (State storage state) {
        assembly ("memory-safe") {
            state.slot := SLOT
        }
    }

    /// True when `account` recorded its signature; never for address zero.
    function isPresignedBy(bytes32 orderHash, address account) internal view returns (bool) {
        return account != address(0) && load().presigned[orderHash] == account;
    }

    function remaining(bytes32 orderHash, uint256 volume) internal view returns (uint256) {
        return volume - load().consumed[orderHash];
    }
}
