// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Consensus} from "../../src/classic/Consensus.sol";
import {Vote, newVote} from "../../src/classic/Vote.sol";
import {ContributionStatus} from "../../src/interfaces/Views.sol";
import {TestBase} from "./TestBase.sol";

/// A list of votes for named values, to count.
abstract contract Ballot is TestBase {
    using Consensus for Consensus.Tally;

    Vote[] internal votes_;
    bytes32[] internal names;

    /// Votes as a worker of this score.
    function vote(bytes32 name, uint256 score) internal {
        uint8 value = uint8(positionOf(name));
        uint32 weight = uint32(Consensus.weight(score));
        votes_.push(newVote(address(0), ContributionStatus.CONTRIBUTED, value, weight, false));
        names.push(name);
    }

    /// What a reopening does to the votes for the value.
    function reject(bytes32 name) internal {
        for (uint256 i; i < names.length; ++i) {
            if (names[i] == name) votes_[i] = votes_[i].withStatus(ContributionStatus.REJECTED);
        }
    }

    function count() internal view returns (Consensus.Tally memory) {
        return Consensus.count(votes_);
    }

    /// Zero for a value nobody voted for.
    function odds(bytes32 name) internal view returns (uint256) {
        uint256 value = positionOf(name);
        return value == names.length ? 0 : count().odds[value];
    }

    function accepts(bytes32 name, uint256 trust) internal view returns (bool) {
        uint256 value = positionOf(name);
        return value < names.length && count().accepts(value, trust);
    }

    /// Position of the first vote for the value; the number of votes when there is none.
    function positionOf(bytes32 name) private view returns (uint256 i) {
        while (i < names.length && names[i] != name) ++i;
    }
}
