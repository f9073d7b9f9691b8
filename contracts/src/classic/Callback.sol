// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Settings} from "../hub/Settings.sol";
import {IOracleConsumer} from "../interfaces/IOracleConsumer.sol";

/// Delivery of a result into a contract.
library Callback {
    /// With a callback the data must hash to the digest; without one there must be no data. Empty revert.
    function check(address target, bytes32 digest, bytes calldata data) internal pure {
        require((target == address(0) && data.length == 0) || keccak256(data) == digest);
    }

    /// Gives the target a fixed amount of gas and ignores how it ends. Return data is not copied.
    /// Panic 0x01 when so little gas is left that the target may have had less than its amount.
    function deliver(address target, bytes32 taskid, bytes calldata data) internal {
        if (target == address(0)) return;
        uint256 amount = Settings.load().callbackGas;
        bytes memory input = abi.encodeCall(IOracleConsumer.receiveResult, (taskid, data));
        assembly ("memory-safe") {
            pop(call(amount, target, 0, add(input, 32), mload(input), 0, 0))
        }
        assert(gasleft() > amount / 63);
    }
}
