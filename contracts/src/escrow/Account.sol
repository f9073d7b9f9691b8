// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Panic} from "@openzeppelin/contracts/utils/Panic.sol";
import {field, withField} from "../words/bits.sol";

/// What somebody has in the escrow, in one word; from the lowest bit:
///   free 96, frozen 96    nRLC; they fit because the supply is kept below 2^96
///   score 32              of a worker in the classic regime, see classic/Scores.sol
///   32 bits unused, kept for other regimes
/// snapshots/formats.json holds an example.
type Account is uint256;

using {free, frozen, score, withScore, credited, debited, locked, unlocked, frozenMore, frozenLess} for Account global;

uint256 constant FROZEN_AT = 96;
uint256 constant SCORE_AT = 192;

function free(Account account) pure returns (uint256) {
    return field(Account.unwrap(account), 0, 96);
}

function frozen(Account account) pure returns (uint256) {
    return field(Account.unwrap(account), FROZEN_AT, 96);
}

function score(Account account) pure returns (uint256) {
    return field(Account.unwrap(account), SCORE_AT, 32);
}

/// `value` must fit 32 bits.
function withScore(Account account, uint256 value) pure returns (Account) {
    return Account.wrap(withField(Account.unwrap(account), SCORE_AT, 32, value));
}

// Amounts are added and taken off inside the word, without checks: no sum of parts exceeds the supply, and whoever takes
// something off has compared it with what is there.

function credited(Account account, uint256 amount) pure returns (Account) {
    unchecked {
        return Account.wrap(Account.unwrap(account) + amount);
    }
}

/// The caller has checked that so much is free.
function debited(Account account, uint256 amount) pure returns (Account) {
    unchecked {
        return Account.wrap(Account.unwrap(account) - amount);
    }
}

function frozenMore(Account account, uint256 amount) pure returns (Account) {
    return credited(account, amount << FROZEN_AT);
}

/// Panic 0x11 when less is frozen.
function frozenLess(Account account, uint256 amount) pure returns (Account) {
    if (amount > frozen(account)) Panic.panic(Panic.UNDER_OVERFLOW);
    return debited(account, amount << FROZEN_AT);
}

/// From free to frozen. The caller has checked that so much is free.
function locked(Account account, uint256 amount) pure returns (Account) {
    return frozenMore(debited(account, amount), amount);
}

/// From frozen to free. Panic 0x11 when less is frozen.
function unlocked(Account account, uint256 amount) pure returns (Account) {
    return credited(frozenLess(account, amount), amount);
}
