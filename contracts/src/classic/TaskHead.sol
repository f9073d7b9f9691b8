// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Blob} from "../blobs/Blob.sol";
import {TaskStatus} from "../interfaces/Views.sol";
import {field, withField} from "../words/bits.sol";

/// A task but for its votes, in one word: read by every step, written at most once by each. From the lowest bit:
///   blob 160             the deal's terms; once completed, the results, which begin with the address of the terms
///   status 8
///   revealDeadline 40    end of the reveal phase in seconds; zero while there is no consensus
///   votes 8              number of contributions; zero in a completed task whose only one is part of the results
///   accepted 8           value of the consensus: position of the first vote for it; only with a reveal deadline
///   revealed 8           1 when the digest is known; it then stands where the hash of the accepted value stood
///   index 24             number of the task in its request order; INDEX_ELSEWHERE for a larger one, kept apart
/// snapshots/formats.json holds an example.
type TaskHead is uint256;

using {
    blob,
    status,
    revealDeadline,
    votes,
    accepted,
    isRevealed,
    hasOnlyWorker,
    index,
    has,
    withStatus,
    withVotes,
    withConsensus,
    withoutConsensus,
    withReveal,
    completed
} for TaskHead global;

uint256 constant INDEX_ELSEWHERE = type(uint24).max;

uint256 constant STATUS_AT = 160;
uint256 constant DEADLINE_AT = 168;
uint256 constant VOTES_AT = 208;
uint256 constant ACCEPTED_AT = 216;
uint256 constant REVEALED_AT = 224;
uint256 constant INDEX_AT = 232;

/// A task that begins.
function newTask(Blob terms, uint256 index_) pure returns (TaskHead) {
    uint256 word = uint256(uint160(Blob.unwrap(terms))) | uint256(TaskStatus.ACTIVE) << STATUS_AT;
    return TaskHead.wrap(word | (index_ < INDEX_ELSEWHERE ? index_ : INDEX_ELSEWHERE) << INDEX_AT);
}

function blob(TaskHead head) pure returns (Blob) {
    return Blob.wrap(address(uint160(TaskHead.unwrap(head))));
}

function status(TaskHead head) pure returns (TaskStatus) {
    return TaskStatus(field(TaskHead.unwrap(head), STATUS_AT, 8));
}

function has(TaskHead head, TaskStatus status_) pure returns (bool) {
    return field(TaskHead.unwrap(head), STATUS_AT, 8) == uint256(status_);
}

function revealDeadline(TaskHead head) pure returns (uint256) {
    return field(TaskHead.unwrap(head), DEADLINE_AT, 40);
}

function votes(TaskHead head) pure returns (uint256) {
    return field(TaskHead.unwrap(head), VOTES_AT, 8);
}

function accepted(TaskHead head) pure returns (uint256) {
    return field(TaskHead.unwrap(head), ACCEPTED_AT, 8);
}

function isRevealed(TaskHead head) pure returns (bool) {
    return field(TaskHead.unwrap(head), REVEALED_AT, 8) != 0;
}

/// Whether contributeAndFinalize ended the task.
function hasOnlyWorker(TaskHead head) pure returns (bool) {
    return has(head, TaskStatus.COMPLETED) && votes(head) == 0;
}

function index(TaskHead head) pure returns (uint256) {
    return field(TaskHead.unwrap(head), INDEX_AT, 24);
}

function withStatus(TaskHead head, TaskStatus status_) pure returns (TaskHead) {
    return _with(head, STATUS_AT, 8, uint256(status_));
}

/// At most 255.
function withVotes(TaskHead head, uint256 votes_) pure returns (TaskHead) {
    return _with(head, VOTES_AT, 8, votes_);
}

/// The deadline must fit 40 bits.
function withConsensus(TaskHead head, uint256 value, uint256 deadline) pure returns (TaskHead) {
    return _with(_with(withStatus(head, TaskStatus.REVEALING), ACCEPTED_AT, 8, value), DEADLINE_AT, 40, deadline);
}

function withoutConsensus(TaskHead head) pure returns (TaskHead) {
    return _with(_with(withStatus(head, TaskStatus.ACTIVE), ACCEPTED_AT, 8, 0), DEADLINE_AT, 40, 0);
}

function withReveal(TaskHead head) pure returns (TaskHead) {
    return _with(head, REVEALED_AT, 8, 1);
}

/// A task that ended with these results.
function completed(TaskHead head, Blob results) pure returns (TaskHead) {
    return _with(withStatus(head, TaskStatus.COMPLETED), 0, 160, uint160(Blob.unwrap(results)));
}

function _with(TaskHead head, uint256 offset, uint256 size, uint256 value) pure returns (TaskHead) {
    return TaskHead.wrap(withField(TaskHead.unwrap(head), offset, size, value));
}
