// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Owned} from "../hub/Owned.sol";
import {Ownership} from "../hub/Ownership.sol";
import {Settings} from "../hub/Settings.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {IMatching} from "../interfaces/IMatching.sol";
import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "../orders/Orders.sol";
import {Ledger} from "./Ledger.sol";

/// Tokens in and out.
contract EscrowFacet is IEscrow, Owned, ReentrancyGuardTransient {
    receive() external payable {
        revert("fallback-disabled");
    }

    fallback() external payable {
        revert("fallback-disabled");
    }

    /// @inheritdoc IEscrow
    function deposit(uint256 amount) external nonReentrant returns (bool) {
        _deposit(msg.sender, amount, msg.sender);
        return true;
    }

    /// @inheritdoc IEscrow
    function depositFor(uint256 amount, address target) external nonReentrant returns (bool) {
        _deposit(msg.sender, amount, target);
        return true;
    }

    /// @inheritdoc IEscrow
    function depositForArray(uint256[] calldata amounts, address[] calldata targets)
        external
        nonReentrant
        returns (bool)
    {
        require(amounts.length == targets.length, "invalid-array-length");
        for (uint256 i; i < amounts.length; ++i) {
            _deposit(msg.sender, amounts[i], targets[i]);
        }
        return true;
    }

    /// @inheritdoc IEscrow
    function withdraw(uint256 amount) external nonReentrant returns (bool) {
        _withdraw(amount, msg.sender);
        return true;
    }

    /// @inheritdoc IEscrow
    function withdrawTo(uint256 amount, address target) external nonReentrant returns (bool) {
        _withdraw(amount, target);
        return true;
    }

    /// @inheritdoc IEscrow
    function recover() external onlyOwner returns (uint256 delta) {
        delta = Settings.load().token.balanceOf(address(this)) - Ledger.load().totalSupply;
        Ledger.mint(Ownership.load().owner, delta);
    }

    /// @inheritdoc IEscrow
    function receiveApproval(address sender, uint256 amount, address token, bytes calldata data)
        external
        nonReentrant
        returns (bool)
    {
        require(token == address(Settings.load().token), "wrong-token");
        _deposit(sender, amount, sender);
        if (data.length > 0) _matchFor(sender, data);
        return true;
    }

    function _deposit(address from, uint256 amount, address target) private {
        require(Settings.load().token.transferFrom(from, address(this), amount), "failed-transferFrom");
        Ledger.mint(target, amount);
    }

    /// Tokens paid out to the hub would be nobody's.
    function _withdraw(uint256 amount, address target) private {
        require(target != address(this), "ERC20: transfer to the hub");
        Ledger.burn(msg.sender, amount);
        require(Settings.load().token.transfer(target, amount), "failed-transfer");
    }

    /// Runs `matchOrders` of this hub, whose requester pays whoever the caller is.
    function _matchFor(address sender, bytes calldata data) private {
        bytes4 selector = bytes4(data[:4]);
        if (selector != IMatching.matchOrders.selector) revert UnsupportedOperation(selector);
        (,,, RequestOrder memory request) =
            abi.decode(data[4:], (AppOrder, DatasetOrder, WorkerpoolOrder, RequestOrder));
        if (request.requester != sender) revert CallerIsNotTheRequester();
        (bool success, bytes memory reason) = address(this).delegatecall(data);
        if (success) return;
        if (reason.length == 0) revert OperationFailed();
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }
}
