// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Ledger} from "../escrow/Ledger.sol";

/// Record of a worker in the classic regime: replicated consensuses it took part in, less what mistakes cost.
/// Kept in the account's word, which settlement writes anyway. At most MAX, where it stays.
library Scores {
    uint256 internal constant MAX = type(uint32).max;

    function of_(address worker) internal view returns (uint256) {
        return Ledger.load().accounts[worker].score;
    }

    /// Agreement of several workers raises the score of each.
    function raise(address worker) internal {
        set(worker, of_(worker) + 1);
    }

    /// A mistake costs a third of the score, rounded up.
    function lower(address worker) internal {
        set(worker, (of_(worker) * 2) / 3);
    }

    function set(address worker, uint256 score) internal {
        Ledger.load().accounts[worker].score = uint32(Math.min(score, MAX));
    }
}
