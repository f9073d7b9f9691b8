// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Told about an allowance in the transaction that gave it.
interface IApprovalReceiver {
    /// @param sender who gave the allowance
    /// @param amount the allowance, in the token's unit
    /// @param token the calling token
    /// @param data what the sender wants done with it
    /// @return whether the receiver agrees; false makes the caller of the hub's `approveAndCall` revert
    function receiveApproval(address sender, uint256 amount, address token, bytes calldata data) external returns (bool);
}
