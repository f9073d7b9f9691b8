// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "../orders/Orders.sol";

/// A notice board: anybody may publish any order, signed or not; nothing is checked.
interface IRelay {
    event BroadcastAppOrder(AppOrder apporder);
    event BroadcastDatasetOrder(DatasetOrder datasetorder);
    event BroadcastWorkerpoolOrder(WorkerpoolOrder workerpoolorder);
    event BroadcastRequestOrder(RequestOrder requestorder);

    function broadcastAppOrder(AppOrder calldata order) external;
    function broadcastDatasetOrder(DatasetOrder calldata order) external;
    function broadcastWorkerpoolOrder(WorkerpoolOrder calldata order) external;
    function broadcastRequestOrder(RequestOrder calldata order) external;
}
