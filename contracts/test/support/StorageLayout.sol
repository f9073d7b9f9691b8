// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Classic} from "../../src/classic/Classic.sol";
import {Ledger} from "../../src/escrow/Ledger.sol";
import {Ownership} from "../../src/hub/Ownership.sol";
import {Settings} from "../../src/hub/Settings.sol";
import {OrderBook} from "../../src/orders/OrderBook.sol";

/// The hub's namespaces as variables, so that the compiler tells their layout; snapshots/storage.json holds it.
contract StorageLayout {
    Classic.State internal classic;
    Ledger.State internal ledger;
    OrderBook.State internal orderBook;
    Ownership.State internal ownership;
    Settings.State internal settings;
}
