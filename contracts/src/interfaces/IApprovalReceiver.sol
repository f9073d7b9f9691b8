// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Told about an allowance in the transaction that gave it.
interface IApprovalReceiver {
    function receiveApproval(address sender, uint256 amount, address token, bytes calldata data) external returns (bool);
}
