// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

/// What `viewAccount` gives: free balance and locked value in nRLC.
struct AccountView {
    uint256 stake;
    uint256 locked;
}

/// ERC-20 face of the free balances. Too low a balance or allowance reverts without a reason; `transferFrom` lowers every
/// allowance, the largest too, and tells so with `Approval`. Nobody sends, receives, approves or is approved:
/// `ERC20: transfer from the zero address`, `ERC20: transfer to the zero address`, `ERC20: approve from the zero address`,
/// `ERC20: approve to the zero address`. The hub receives nothing: `ERC20: transfer to the hub`.
interface IStakedToken is IERC20Metadata {
    /// Approves and calls `receiveApproval(caller, value, hub, data)` on the spender, which must return true
    /// (`approval-refused`).
    function approveAndCall(address spender, uint256 value, bytes calldata data) external returns (bool);

    /// More allowance of the caller for the spender; Panic 0x11 when the sum does not fit.
    function increaseAllowance(address spender, uint256 added) external returns (bool);

    /// Less allowance of the caller for the spender; empty revert when there is not so much.
    function decreaseAllowance(address spender, uint256 subtracted) external returns (bool);

    /// Locked value of an account, in nRLC.
    function frozenOf(address account) external view returns (uint256);

    /// Free balance and locked value of an account, in nRLC.
    function viewAccount(address account) external view returns (AccountView memory);

    /// Token that is deposited.
    function token() external view returns (IERC20);
}
