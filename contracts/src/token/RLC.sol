// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IApprovalReceiver} from "../interfaces/IApprovalReceiver.sol";

/// Currency of the market on a network of its own: fixed supply, 9 decimals, approve-and-call.
contract RLC is ERC20 {
    /// 87 million RLC in nRLC.
    uint256 internal constant SUPPLY = 87_000_000 * 1e9;

    /// @param holder receives the whole supply
    constructor(address holder) ERC20("RLC", "RLC") {
        _mint(holder, SUPPLY);
    }

    /// @inheritdoc ERC20
    function decimals() public pure override returns (uint8) {
        return 9;
    }

    /// Approves `spender` for `value` nRLC and tells it at once with `data`. Reverts as the spender does.
    function approveAndCall(address spender, uint256 value, bytes calldata data) external returns (bool) {
        _approve(msg.sender, spender, value);
        IApprovalReceiver(spender).receiveApproval(msg.sender, value, address(this), data);
        return true;
    }
}
