// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ContributionStatus} from "../interfaces/Views.sol";
import {Vote} from "./Vote.sol";

/// Credibility of the values voted for (Sarmenta): a value is accepted when its share of all odds exceeds 1 - 1/trust.
/// Nothing of it is stored: the votes say it all.
library Consensus {
    struct Tally {
        /// by value; zero where no value begins
        uint256[] odds;
        /// sum of the odds of all values
        uint256 sum;
    }

    /// Divisor of scores: the chance of a bad answer is taken as 3 / score.
    uint256 internal constant SCORE_DIVISOR = 3;

    /// Odds a worker of this score adds to its value; at least 2.
    function weight(uint256 score) internal pure returns (uint256) {
        return Math.max(score / SCORE_DIVISOR, 3) - 1;
    }

    /// The worker's part in the sharing of the reward: floor(log2(weight)), 0 for no weight.
    function share(uint256 weight_) internal pure returns (uint256) {
        return Math.log2(weight_);
    }

    /// Counts all votes that no reopening rejected. Panic 0x11 when odds do not fit 256 bits.
    function count(Vote[] memory votes) internal pure returns (Tally memory tally) {
        tally.odds = new uint256[](votes.length);
        for (uint256 i; i < votes.length; ++i) {
            Vote vote = votes[i];
            if (!vote.has(ContributionStatus.REJECTED)) _add(tally, vote.value(), vote.weight());
        }
    }

    /// Odds of the value against one plus the odds of all values: strictly more than the trust asks for.
    /// Panic 0x11 for a trust so large that the product overflows.
    function accepts(Tally memory tally, uint256 value, uint256 trust) internal pure returns (bool) {
        return tally.odds[value] * trust > (tally.sum + 1) * (trust - 1);
    }

    /// Multiplies the value's odds by the weight.
    function _add(Tally memory tally, uint256 value, uint256 weight_) private pure {
        uint256 old = tally.odds[value];
        uint256 next = Math.max(old, 1) * weight_;
        tally.odds[value] = next;
        tally.sum += next - old;
    }
}
