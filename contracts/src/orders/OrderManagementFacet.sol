// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOrderManagement} from "../interfaces/IOrderManagement.sol";
import {IRegistryEntry} from "../interfaces/IRegistryEntry.sol";
import {Domain} from "./Domain.sol";
import {OrderBook} from "./OrderBook.sol";
import {OrderHash} from "./OrderHash.sol";
import {
    AppOrderOperation,
    DatasetOrderOperation,
    OrderOperation,
    RequestOrderOperation,
    WorkerpoolOrderOperation
} from "./Orders.sol";
import {Signatures} from "./Signatures.sol";

/// Recording and closing orders.
contract OrderManagementFacet is IOrderManagement {
    /// @inheritdoc IOrderManagement
    function manageAppOrder(AppOrderOperation calldata op) external {
        address owner = IRegistryEntry(op.order.app).owner();
        _checkRight(owner, OrderHash.hash(op), op.sign);
        bytes32 orderHash = Domain.digest(OrderHash.hash(op.order));
        _apply(op.operation, orderHash, owner, op.order.volume);
        if (op.operation == OrderOperation.SIGN) emit SignedAppOrder(orderHash);
        else emit ClosedAppOrder(orderHash);
    }

    /// @inheritdoc IOrderManagement
    function manageDatasetOrder(DatasetOrderOperation calldata op) external {
        address owner = IRegistryEntry(op.order.dataset).owner();
        _checkRight(owner, OrderHash.hash(op), op.sign);
        bytes32 orderHash = Domain.digest(OrderHash.hash(op.order));
        _apply(op.operation, orderHash, owner, op.order.volume);
        if (op.operation == OrderOperation.SIGN) emit SignedDatasetOrder(orderHash);
        else emit ClosedDatasetOrder(orderHash);
    }

    /// @inheritdoc IOrderManagement
    function manageWorkerpoolOrder(WorkerpoolOrderOperation calldata op) external {
        address owner = IRegistryEntry(op.order.workerpool).owner();
        _checkRight(owner, OrderHash.hash(op), op.sign);
        bytes32 orderHash = Domain.digest(OrderHash.hash(op.order));
        _apply(op.operation, orderHash, owner, op.order.volume);
        if (op.operation == OrderOperation.SIGN) emit SignedWorkerpoolOrder(orderHash);
        else emit ClosedWorkerpoolOrder(orderHash);
    }

    /// @inheritdoc IOrderManagement
    function manageRequestOrder(RequestOrderOperation calldata op) external {
        address owner = op.order.requester;
        _checkRight(owner, OrderHash.hash(op), op.sign);
        bytes32 orderHash = Domain.digest(OrderHash.hash(op.order));
        _apply(op.operation, orderHash, owner, op.order.volume);
        if (op.operation == OrderOperation.SIGN) emit SignedRequestOrder(orderHash);
        else emit ClosedRequestOrder(orderHash);
    }

    /// A presignature is no permission here.
    function _checkRight(address owner, bytes32 structHash, bytes calldata sign) private view {
        require(
            msg.sender == owner || Signatures.isSignedBy(Domain.digest(structHash), owner, sign),
            "invalid-sender-or-signature"
        );
    }

    function _apply(OrderOperation operation, bytes32 orderHash, address owner, uint256 volume) private {
        if (operation == OrderOperation.SIGN) OrderBook.load().presigned[orderHash] = owner;
        else OrderBook.load().consumed[orderHash] = volume;
    }
}
