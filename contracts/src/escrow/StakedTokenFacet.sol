// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Settings} from "../hub/Settings.sol";
import {IApprovalReceiver} from "../interfaces/IApprovalReceiver.sol";
import {AccountView, IStakedToken} from "../interfaces/IStakedToken.sol";
import {Account} from "./Account.sol";
import {Ledger} from "./Ledger.sol";

/// Free balances as an ERC-20.
contract StakedTokenFacet is IStakedToken {
    function transfer(address to, uint256 value) external returns (bool) {
        Ledger.transfer(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        Ledger.transfer(from, to, value);
        _lowerAllowance(from, msg.sender, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        Ledger.approve(msg.sender, spender, value);
        return true;
    }

    /// @inheritdoc IStakedToken
    function approveAndCall(address spender, uint256 value, bytes calldata data) external returns (bool) {
        Ledger.approve(msg.sender, spender, value);
        require(IApprovalReceiver(spender).receiveApproval(msg.sender, value, address(this), data), "approval-refused");
        return true;
    }

    /// @inheritdoc IStakedToken
    function increaseAllowance(address spender, uint256 added) external returns (bool) {
        Ledger.approve(msg.sender, spender, Ledger.load().allowances[msg.sender][spender] + added);
        return true;
    }

    /// @inheritdoc IStakedToken
    function decreaseAllowance(address spender, uint256 subtracted) external returns (bool) {
        _lowerAllowance(msg.sender, spender, subtracted);
        return true;
    }

    function name() external view returns (string memory) {
        return Settings.load().name;
    }

    function symbol() external view returns (string memory) {
        return Settings.load().symbol;
    }

    function decimals() external view returns (uint8) {
        return Settings.load().decimals;
    }

    function totalSupply() external view returns (uint256) {
        return Ledger.load().totalSupply;
    }

    function balanceOf(address account) external view returns (uint256) {
        return Ledger.accountOf(account).free();
    }

    function allowance(address owner, address spender) external view returns (uint256) {
        return Ledger.load().allowances[owner][spender];
    }

    /// @inheritdoc IStakedToken
    function frozenOf(address account) external view returns (uint256) {
        return Ledger.accountOf(account).frozen();
    }

    /// @inheritdoc IStakedToken
    function viewAccount(address account) external view returns (AccountView memory) {
        Account found = Ledger.accountOf(account);
        return AccountView({stake: found.free(), locked: found.frozen()});
    }

    /// @inheritdoc IStakedToken
    function token() external view returns (IERC20) {
        return Settings.load().token;
    }

    function _lowerAllowance(address owner, address spender, uint256 value) private {
        uint256 allowed = Ledger.load().allowances[owner][spender];
        require(value <= allowed);
        Ledger.approve(owner, spender, allowed - value);
    }
}
