// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "../../src/orders/Orders.sol";

/// Struct hashes of orders held in memory.
interface IHasher {
    function app(AppOrder calldata o) external pure returns (bytes32);
    function dataset(DatasetOrder calldata o) external pure returns (bytes32);
    function workerpool(WorkerpoolOrder calldata o) external pure returns (bytes32);
    function request(RequestOrder calldata o) external pure returns (bytes32);
}
