// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Blob} from "../blobs/Blob.sol";
import {TaskRecord} from "./Tasks.sol";

/// Storage of the classic task cycle.
library Classic {
    struct State {
        /// terms and params
        mapping(bytes32 dealid => Blob) deals;
        mapping(bytes32 taskid => TaskRecord) tasks;
        /// params that fit no blob
        mapping(bytes32 dealid => string) longParams;
        /// results that fit no blob
        mapping(bytes32 taskid => LongResults) longResults;
        /// indexes that do not fit the task's word
        mapping(bytes32 taskid => uint256) largeIndexes;
    }

    struct LongResults {
        bytes results;
        bytes resultsCallback;
    }

    /// ERC-7201 slot of namespace `gleaner.storage.Classic`.
    bytes32 internal constant SLOT = 0x30a05e806eb32a1aa5d614ac83667a2a5cd8a15814ff9eec348cd0d0bb04a600;

    function load() internal pure returns (State storage state) {
        assembly ("memory-safe") {
            state.slot := SLOT
        }
    }
}
