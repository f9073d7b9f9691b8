// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Ledger} from "../escrow/Ledger.sol";

/// Record of a worker in the classic regime: replicated consensuses it took part in, less what mistakes cost.
/// Kept in the account's word, which settlement writes anyway. At most MAX, where it stays.
library Scores {
    uint256 internal constant MAX = type(uint32).max;

    function of_(address worker) internal view returns (uint256) {
        return Ledger.accountOf(worker).score();
    }

    /// After agreement of several workers.
    function raised(uint256 score) internal pure returns (uint256) {
        return Math.min(score + 1, MAX);
    }

    /// After a mistake, which costs a third, rounded up.
    function lowered(uint256 score) internal pure returns (uint256) {
        return (score * 2) / 3;
    }

    function set(address worker, uint256 score) internal {
        Ledger.save(worker, Ledger.accountOf(worker).withScore(Math.min(score, MAX)));
    }
}
