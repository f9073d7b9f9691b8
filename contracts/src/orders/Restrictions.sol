// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC734} from "../interfaces/IERC734.sol";

/// Who may use an order: everybody (zero), one address, or the members of an ERC-734 group.
library Restrictions {
    /// Purpose that makes a key a member of a group.
    uint256 internal constant GROUPMEMBER_PURPOSE = 4;

    /// A group that reverts, has no code or answers anything but `true` admits nobody.
    function allows(address restriction, address candidate) internal view returns (bool) {
        return restriction == address(0) || restriction == candidate
            || (restriction.code.length > 0 && _isMember(restriction, candidate));
    }

    /// The answer is read into scratch space, so a group cannot make the caller pay for long return data.
    function _isMember(address group, address candidate) private view returns (bool member) {
        bytes memory input =
            abi.encodeCall(IERC734.keyHasPurpose, (bytes32(uint256(uint160(candidate))), GROUPMEMBER_PURPOSE));
        assembly ("memory-safe") {
            let success := staticcall(gas(), group, add(input, 32), mload(input), 0, 32)
            member := and(success, and(gt(returndatasize(), 31), eq(mload(0), 1)))
        }
    }
}
