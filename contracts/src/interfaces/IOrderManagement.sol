// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    AppOrderOperation,
    DatasetOrderOperation,
    RequestOrderOperation,
    WorkerpoolOrderOperation
} from "../orders/Orders.sol";

/// Recording and closing orders on chain. The caller owns the asset (or is the requester), or brings that owner's
/// signature over the operation; `invalid-sender-or-signature` otherwise, `invalid-signature-format` for an account without
/// code and a length other than 64 or 65. SIGN records the owner as signer; CLOSE uses up
/// the whole volume and cannot be undone. Both may be repeated.
interface IOrderManagement {
    // The hash is the EIP-712 digest of the order.

    event SignedAppOrder(bytes32 appHash);
    event SignedDatasetOrder(bytes32 datasetHash);
    event SignedWorkerpoolOrder(bytes32 workerpoolHash);
    event SignedRequestOrder(bytes32 requestHash);
    event ClosedAppOrder(bytes32 appHash);
    event ClosedDatasetOrder(bytes32 datasetHash);
    event ClosedWorkerpoolOrder(bytes32 workerpoolHash);
    event ClosedRequestOrder(bytes32 requestHash);

    /// Caller or signer: owner of the app. An app without `owner()` reverts without a reason.
    function manageAppOrder(AppOrderOperation calldata op) external;

    /// Caller or signer: owner of the data set.
    function manageDatasetOrder(DatasetOrderOperation calldata op) external;

    /// Caller or signer: owner of the worker pool.
    function manageWorkerpoolOrder(WorkerpoolOrderOperation calldata op) external;

    /// Caller or signer: the requester.
    function manageRequestOrder(RequestOrderOperation calldata op) external;
}
