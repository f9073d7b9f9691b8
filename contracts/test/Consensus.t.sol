// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Consensus} from "../src/classic/Consensus.sol";
import {TestBase} from "./support/TestBase.sol";

/// Laws of the weights and of the acceptance rule.
contract ConsensusTest is TestBase {
    using Consensus for Consensus.Tally;

    Consensus.Tally internal tally;

    function testFuzz_WeightGrowsWithTheScore(uint256 score) public pure {
        score = bound(score, 0, type(uint256).max - 1);
        ok(Consensus.weight(score) >= 2, "at least two");
        ok(Consensus.weight(score + 1) >= Consensus.weight(score), "monotonous");
    }

    function testFuzz_SumIsTheSumOfTheOdds(uint8[12] memory votes) public {
        for (uint256 i; i < votes.length; ++i) {
            tally.vote(bytes32(uint256(votes[i] % 3)), votes[i]);
        }
        eq(tally.sum, tally.odds[0] + tally.odds[bytes32(uint256(1))] + tally.odds[bytes32(uint256(2))], "sum");
    }

    function testFuzz_AcceptanceIsMonotonousInTrust(uint8[6] memory votes, uint256 trust) public {
        trust = bound(trust, 2, 1e12);
        for (uint256 i; i < votes.length; ++i) {
            tally.vote(bytes32(uint256(votes[i] % 2)), votes[i]);
        }
        if (tally.accepts(0, trust)) ok(tally.accepts(0, trust - 1), "less trust accepts too");
    }

    function testFuzz_AtMostOneValueIsAcceptedAboveTrustTwo(uint8[6] memory votes, uint256 trust) public {
        trust = bound(trust, 2, 1e12);
        for (uint256 i; i < votes.length; ++i) {
            tally.vote(bytes32(uint256(votes[i] % 2)), votes[i]);
        }
        ok(!(tally.accepts(0, trust) && tally.accepts(bytes32(uint256(1)), trust)), "two winners");
    }

    function testFuzz_RejectionForgetsTheVotes(uint8 first, uint8 second) public {
        tally.vote("a", first);
        uint256 sum = tally.sum;
        tally.vote("b", second);
        tally.reject("b");
        eq(tally.sum, sum, "sum");
        eq(tally.odds["b"], 0, "odds");
    }
}
