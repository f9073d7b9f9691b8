// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ContributionStatus} from "../interfaces/Views.sol";
import {field, withField} from "../words/bits.sol";

/// What counts of a contribution, in one word; from the lowest bit:
///   worker 160
///   status 8
///   value 8        the value voted for: position of the first vote for it
///   weight 32      odds the worker adds, from its score at the time; at least 2
///   inEnclave 8    1 when there is an enclave challenge
/// snapshots/formats.json holds an example.
type Vote is uint256;

using {worker, status, value, weight, inEnclave, withStatus, isFrom, isFor, has} for Vote global;

uint256 constant STATUS_AT = 160;
uint256 constant VALUE_AT = 168;
uint256 constant WEIGHT_AT = 176;
uint256 constant ENCLAVE_AT = 208;

/// Value and weight must fit their fields.
function newVote(address worker_, ContributionStatus status_, uint256 value_, uint256 weight_, bool inEnclave_)
    pure
    returns (Vote)
{
    uint256 word = uint256(uint160(worker_)) | uint256(status_) << STATUS_AT | value_ << VALUE_AT;
    if (inEnclave_) word |= 1 << ENCLAVE_AT;
    return Vote.wrap(word | weight_ << WEIGHT_AT);
}

function worker(Vote vote) pure returns (address) {
    return address(uint160(Vote.unwrap(vote)));
}

function status(Vote vote) pure returns (ContributionStatus) {
    return ContributionStatus(field(Vote.unwrap(vote), STATUS_AT, 8));
}

function value(Vote vote) pure returns (uint256) {
    return field(Vote.unwrap(vote), VALUE_AT, 8);
}

function weight(Vote vote) pure returns (uint256) {
    return field(Vote.unwrap(vote), WEIGHT_AT, 32);
}

function inEnclave(Vote vote) pure returns (bool) {
    return field(Vote.unwrap(vote), ENCLAVE_AT, 8) != 0;
}

function withStatus(Vote vote, ContributionStatus status_) pure returns (Vote) {
    return Vote.wrap(withField(Vote.unwrap(vote), STATUS_AT, 8, uint256(status_)));
}

function isFrom(Vote vote, address worker_) pure returns (bool) {
    return worker(vote) == worker_;
}

function isFor(Vote vote, uint256 value_) pure returns (bool) {
    return value(vote) == value_;
}

function has(Vote vote, ContributionStatus status_) pure returns (bool) {
    return field(Vote.unwrap(vote), STATUS_AT, 8) == uint256(status_);
}
