// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    AppOrderOperation,
    DatasetOrderOperation,
    RequestOrderOperation,
    WorkerpoolOrderOperation
} from "../orders/Orders.sol";

/// Recording and closing orders on chain. The caller owns the asset (or is the requester), or brings that owner's
/// signature over the operation; `invalid-sender-or-signature` otherwise. SIGN records the owner as signer; CLOSE uses up
/// the whole volume and cannot be undone. Both may be repeated.
interface IOrderManagement {
    event SignedAppOrder(bytes32 appHash);
    event SignedDatasetOrder(bytes32 datasetHash);
    event SignedWorkerpoolOrder(bytes32 workerpoolHash);
    event SignedRequestOrder(bytes32 requestHash);
    event ClosedAppOrder(bytes32 appHash);
    event ClosedDatasetOrder(bytes32 datasetHash);
    event ClosedWorkerpoolOrder(bytes32 workerpoolHash);
    event ClosedRequestOrder(bytes32 requestHash);

    function manageAppOrder(AppOrderOperation calldata op) external;
    function manageDatasetOrder(DatasetOrderOperation calldata op) external;
    function manageWorkerpoolOrder(WorkerpoolOrderOperation calldata op) external;
    function manageRequestOrder(RequestOrderOperation calldata op) external;
}
