// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Requirements of an order as bits; bit 0 is the lowest bit of the big-endian word.
library Tags {
    /// Bit 0: runs only in a trusted execution environment.
    bytes32 internal constant TEE = bytes32(uint256(1));
    /// Bits 1 to 3 name the framework; a data set does not insist on one.
    bytes32 internal constant TEE_FRAMEWORKS = bytes32(uint256(0x0E));

    function ofDataset(bytes32 tag) internal pure returns (bytes32) {
        return tag & ~TEE_FRAMEWORKS;
    }

    function within(bytes32 tag, bytes32 offer) internal pure returns (bool) {
        return tag & ~offer == 0;
    }

    function needsTee(bytes32 tag) internal pure returns (bool) {
        return tag & TEE != 0;
    }
}
