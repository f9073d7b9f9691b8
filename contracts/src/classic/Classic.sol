// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Consensus} from "./Consensus.sol";
import {DealRecord} from "./Deals.sol";
import {ContributionRecord, TaskRecord} from "./Tasks.sol";

/// Storage of the classic task cycle.
library Classic {
    struct State {
        mapping(bytes32 dealid => DealRecord) deals;
        mapping(bytes32 taskid => TaskRecord) tasks;
        mapping(bytes32 taskid => Consensus.Tally) tallies;
        mapping(bytes32 taskid => mapping(address worker => ContributionRecord)) contributions;
        mapping(address worker => uint256) scores;
    }

    /// ERC-7201 slot of namespace `gleaner.storage.Classic`.
    bytes32 internal constant SLOT = 0x30a05e806eb32a1aa5d614ac83667a2a5cd8a15814ff9eec348cd0d0bb04a600;

    function load() internal pure returns (State storage state) {
        assembly ("memory-safe") {
            state.slot := SLOT
        }
    }
}
