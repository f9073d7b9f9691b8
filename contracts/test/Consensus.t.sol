// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Consensus} from "../src/classic/Consensus.sol";
import {Ballot} from "./support/Ballot.sol";

/// Laws of the weights and of the acceptance rule.
contract ConsensusTest is Ballot {
    function testFuzz_WeightGrowsWithTheScore(uint256 score) public pure {
        score = bound(score, 0, type(uint256).max - 1);
        ok(Consensus.weight(score) >= 2, "at least two");
        ok(Consensus.weight(score + 1) >= Consensus.weight(score), "monotonous");
    }

    function testFuzz_SumIsTheSumOfTheOdds(uint8[12] memory votes) public {
        for (uint256 i; i < votes.length; ++i) {
            vote(bytes32(uint256(votes[i] % 3)), votes[i]);
        }
        eq(count().sum, odds(0) + odds(bytes32(uint256(1))) + odds(bytes32(uint256(2))), "sum");
    }

    function testFuzz_OddsAreTheProductOfTheWeights(uint8[12] memory votes) public {
        uint256[3] memory products;
        for (uint256 i; i < votes.length; ++i) {
            uint256 value = votes[i] % 3;
            vote(bytes32(value), votes[i]);
            products[value] = (products[value] == 0 ? 1 : products[value]) * Consensus.weight(votes[i]);
        }
        for (uint256 value; value < 3; ++value) {
            eq(odds(bytes32(value)), products[value], "odds");
        }
    }

    function testFuzz_AcceptanceIsMonotonousInTrust(uint8[6] memory votes, uint256 trust) public {
        trust = bound(trust, 2, 1e12);
        for (uint256 i; i < votes.length; ++i) {
            vote(bytes32(uint256(votes[i] % 2)), votes[i]);
        }
        if (accepts(0, trust)) ok(accepts(0, trust - 1), "less trust accepts too");
    }

    function testFuzz_AtMostOneValueIsAcceptedAboveTrustTwo(uint8[6] memory votes, uint256 trust) public {
        trust = bound(trust, 2, 1e12);
        for (uint256 i; i < votes.length; ++i) {
            vote(bytes32(uint256(votes[i] % 2)), votes[i]);
        }
        ok(!(accepts(0, trust) && accepts(bytes32(uint256(1)), trust)), "two winners");
    }

    function testFuzz_RejectionForgetsTheVotes(uint8 first, uint8 second) public {
        vote("a", first);
        uint256 sum = count().sum;
        vote("b", second);
        reject("b");
        eq(count().sum, sum, "sum");
        eq(odds("b"), 0, "odds");
    }
}
