// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// Credibility of the values voted for (Sarmenta): a value is accepted when its share of all odds exceeds 1 - 1/trust.
library Consensus {
    struct Tally {
        mapping(bytes32 resultHash => uint256) odds;
        /// sum of the odds of all values
        uint256 sum;
    }

    /// Divisor of scores: the chance of a bad answer is taken as 3 / score.
    uint256 internal constant SCORE_DIVISOR = 3;

    /// Odds a worker of this score adds to its value; at least 2.
    function weight(uint256 score) internal pure returns (uint256) {
        return Math.max(score / SCORE_DIVISOR, 3) - 1;
    }

    /// Multiplies the value's odds by the worker's weight.
    /// @return share floor(log2(weight)), the worker's share of the reward
    function vote(Tally storage tally, bytes32 value, uint256 score) internal returns (uint8 share) {
        uint256 w = weight(score);
        uint256 old = tally.odds[value];
        uint256 next = Math.max(old, 1) * w;
        tally.odds[value] = next;
        tally.sum += next - old;
        return uint8(Math.log2(w));
    }

    /// Odds of the value against one plus the odds of all values: strictly more than the trust asks for.
    /// Panic 0x11 for a trust so large that the product overflows.
    function accepts(Tally storage tally, bytes32 value, uint256 trust) internal view returns (bool) {
        return tally.odds[value] * trust > (tally.sum + 1) * (trust - 1);
    }

    /// Forgets all votes for the value.
    function reject(Tally storage tally, bytes32 value) internal {
        tally.sum -= tally.odds[value];
        tally.odds[value] = 0;
    }
}
