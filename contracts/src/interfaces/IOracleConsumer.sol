// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Receives a task's result on chain (ERC-1154, push side). Called by the hub with a bounded amount of gas; failing has no effect.
interface IOracleConsumer {
    /// @param taskId the completed task
    /// @param resultsCallback what the digest of the task is the hash of
    function receiveResult(bytes32 taskId, bytes calldata resultsCallback) external;
}
