// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRegistry} from "../interfaces/IRegistry.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

struct Category {
    string name;
    string description;
    /// Unit of all deadlines of a task, in seconds.
    uint256 workClockTimeRef;
}

/// What a match asks about a category, in one word.
struct Clock {
    bool known;
    /// workClockTimeRef; the largest number for what does not fit, which no deadline reaches
    uint248 timeref;
}

/// What the owner configures.
library Settings {
    struct State {
        IERC20 token;
        uint8 decimals;
        IRegistry appRegistry;
        IRegistry datasetRegistry;
        IRegistry workerpoolRegistry;
        /// Vouches for enclaves in place of schedulers; zero: no broker.
        address teeBroker;
        /// Gas a result callback gets.
        uint256 callbackGas;
        bytes32 domainSeparator;
        /// Hub of the third generation whose scores may be imported; zero: none.
        address v3Hub;
        mapping(address worker => bool) scoreImported;
        string name;
        string symbol;
        Category[] categories;
        mapping(uint256 category => Clock) clocks;
    }

    /// ERC-7201 slot of namespace `gleaner.storage.Settings`.
    bytes32 internal constant SLOT = 0x82ebe6573c161e0782292de6ce9bd8cda175ac1b58c5672385b7b30092d0ab00;

    function load() internal pure returns (State storage state) {
        assembly ("memory-safe") {
            state.slot := SLOT
        }
    }
}
