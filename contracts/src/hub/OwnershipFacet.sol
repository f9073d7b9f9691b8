// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOwnership} from "../interfaces/IOwnership.sol";
import {Ownership} from "./Ownership.sol";

contract OwnershipFacet is IOwnership {
    /// @inheritdoc IOwnership
    function owner() external view returns (address) {
        return Ownership.load().owner;
    }

    /// @inheritdoc IOwnership
    function transferOwnership(address newOwner) external {
        Ownership.checkContractOwner();
        Ownership.transfer(newOwner);
    }
}
