// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRelay} from "../interfaces/IRelay.sol";
import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "./Orders.sol";

/// Orders as events.
contract RelayFacet is IRelay {
    /// @inheritdoc IRelay
    function broadcastAppOrder(AppOrder calldata order) external {
        emit BroadcastAppOrder(order);
    }

    /// @inheritdoc IRelay
    function broadcastDatasetOrder(DatasetOrder calldata order) external {
        emit BroadcastDatasetOrder(order);
    }

    /// @inheritdoc IRelay
    function broadcastWorkerpoolOrder(WorkerpoolOrder calldata order) external {
        emit BroadcastWorkerpoolOrder(order);
    }

    /// @inheritdoc IRelay
    function broadcastRequestOrder(RequestOrder calldata order) external {
        emit BroadcastRequestOrder(order);
    }
}
