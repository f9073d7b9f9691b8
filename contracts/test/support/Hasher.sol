// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrderHash} from "../../src/orders/OrderHash.sol";
import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "../../src/orders/Orders.sol";
import {IHasher} from "./IHasher.sol";

/// Struct hashes of orders held in memory.
contract Hasher is IHasher {
    function app(AppOrder calldata o) external pure returns (bytes32) {
        return OrderHash.hash(o);
    }

    function dataset(DatasetOrder calldata o) external pure returns (bytes32) {
        return OrderHash.hash(o);
    }

    function workerpool(WorkerpoolOrder calldata o) external pure returns (bytes32) {
        return OrderHash.hash(o);
    }

    function request(RequestOrder calldata o) external pure returns (bytes32) {
        return OrderHash.hash(o);
    }
}
