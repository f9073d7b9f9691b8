// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Source of worker scores earned on an older hub.
interface IScores {
    /// Score of a worker there.
    function viewScore(address worker) external view returns (uint256);
}
