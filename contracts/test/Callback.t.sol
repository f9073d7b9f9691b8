// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Callback} from "../src/classic/Callback.sol";
import {Settings} from "../src/hub/Settings.sol";
import {TestBase} from "./support/TestBase.sol";

/// Delivers results with a callback gas of its own.
contract Deliverer {
    function setCallbackGas(uint256 amount) external {
        Settings.load().callbackGas = amount;
    }

    function deliver(address target, bytes calldata data) external {
        Callback.deliver(target, "task", data);
    }
}

/// Uses up all the gas it is given.
contract Spender {
    function receiveResult(bytes32, bytes calldata) external pure {
        assembly ("memory-safe") {
            invalid()
        }
    }
}

/// How much gas a delivery needs.
contract CallbackTest is TestBase {
    /// What anything beside the callback may cost at most.
    uint256 private constant MARGIN = 30_000;

    Deliverer private deliverer;

    function setUp() public {
        deliverer = new Deliverer();
    }

    /// The call keeps a 64th of what there is, so one part in 63 beside the amount is what a full amount leaves at least.
    function test_ADeliveryNeedsTheCallbackGasAndA63rdMore() public {
        address target = address(new Spender());
        uint256 least = leastGas(target, 630_000);
        ok(least >= 640_000, "enough for the whole amount");
        ok(least < 640_000 + MARGIN, "and no more");
    }

    /// A target that returns all its gas shows the part that is asked for afterwards by itself.
    function test_AfterTheCallA63rdOfItsGasMustBeLeft() public {
        address target = address(0xBEEF);
        uint256 low = leastGas(target, 63 * 10_000);
        uint256 high = leastGas(target, 63 * 20_000);
        eq(high - low, 10_000, "one in 63");
    }

    function test_WithoutATargetNoGasIsAskedFor() public {
        deliverer.setCallbackGas(1e9);
        ok(delivers(address(0), MARGIN), "delivered to nobody");
        ok(!delivers(address(0xBEEF), MARGIN), "somebody needs gas");
    }

    /// Least gas for the call with which a delivery succeeds.
    function leastGas(address target, uint256 amount) private returns (uint256 high) {
        deliverer.setCallbackGas(amount);
        delivers(target, 10 * amount);
        uint256 low = 0;
        high = 10 * amount;
        ok(delivers(target, high), "ten times the amount suffices");
        while (high - low > 1) {
            uint256 middle = (low + high) / 2;
            if (delivers(target, middle)) high = middle;
            else low = middle;
        }
    }

    function delivers(address target, uint256 amount) private returns (bool success) {
        (success,) = address(deliverer).call{gas: amount}(abi.encodeCall(Deliverer.deliver, (target, "data")));
    }
}
