// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOwnership} from "../interfaces/IOwnership.sol";

/// The hub's owner.
library Ownership {
    struct State {
        address owner;
    }

    /// ERC-7201 slot of namespace `gleaner.storage.Ownership`.
    bytes32 internal constant SLOT = 0x8508e4a079e8168a036389f94fc7251191d29a8ea346f28b7d188dd7fe34cd00;

    function load() internal pure returns (State storage state) {
        assembly ("memory-safe") {
            state.slot := SLOT
        }
    }

    function transfer(address newOwner) internal {
        State storage state = load();
        address previous = state.owner;
        state.owner = newOwner;
        emit IOwnership.OwnershipTransferred(previous, newOwner);
    }

    /// For settings; the message is part of the compatible surface.
    function check() internal view {
        require(msg.sender == load().owner, "Ownable: caller is not the owner");
    }

    /// For code and ownership.
    function checkContractOwner() internal view {
        address owner = load().owner;
        if (msg.sender != owner) revert IOwnership.NotContractOwner(msg.sender, owner);
    }
}
