// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "../orders/Orders.sol";

/// A notice board: anybody may publish any order, signed or not; nothing is checked.
interface IRelay {
    event BroadcastAppOrder(AppOrder apporder);
    event BroadcastDatasetOrder(DatasetOrder datasetorder);
    event BroadcastWorkerpoolOrder(WorkerpoolOrder workerpoolorder);
    event BroadcastRequestOrder(RequestOrder requestorder);

    /// Emits {BroadcastAppOrder}. Never reverts.
    function broadcastAppOrder(AppOrder calldata order) external;

    /// Emits {BroadcastDatasetOrder}. Never reverts.
    function broadcastDatasetOrder(DatasetOrder calldata order) external;

    /// Emits {BroadcastWorkerpoolOrder}. Never reverts.
    function broadcastWorkerpoolOrder(WorkerpoolOrder calldata order) external;

    /// Emits {BroadcastRequestOrder}. Never reverts.
    function broadcastRequestOrder(RequestOrder calldata order) external;
}
