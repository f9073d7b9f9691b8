// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {IRegistryEntry} from "../interfaces/IRegistryEntry.sol";

/// Base of all assets. The registry is part of the implementation's code, shared by its proxies.
abstract contract RegistryEntry is IRegistryEntry {
    /// @inheritdoc IRegistryEntry
    IRegistry public immutable registry;
    bool private _initialized;

    /// The implementation itself is no entry and stays closed.
    constructor(IRegistry registry_) {
        registry = registry_;
        _initialized = true;
    }

    modifier initializer() {
        require(!_initialized, "already initialized");
        _initialized = true;
        _;
    }

    modifier onlyOwner() {
        require(msg.sender == owner(), "caller is not the owner");
        _;
    }

    /// @inheritdoc IRegistryEntry
    function owner() public view returns (address) {
        return IERC721(address(registry)).ownerOf(uint256(uint160(address(this))));
    }

    /// @inheritdoc IRegistryEntry
    function setName(address, string calldata) external view onlyOwner {
        revert("Operation not supported on this chain");
    }
}
