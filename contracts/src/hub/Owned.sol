// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ownership} from "./Ownership.sol";

/// Facets with functions for the owner alone.
abstract contract Owned {
    modifier onlyOwner() {
        Ownership.check();
        _;
    }
}
