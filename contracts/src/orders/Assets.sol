// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {IRegistryEntry} from "../interfaces/IRegistryEntry.sol";

/// Apps, data sets and worker pools as the registries know them.
library Assets {
    /// Owner of a registered asset. The registry's own token says both at once; only an asset that is not there, which
    /// an older registry may know, is asked itself. Empty revert when that has no `owner()`, `code` when no registry
    /// knows it.
    function ownerOf(IRegistry registry, address asset, string memory code) internal view returns (address owner) {
        try IERC721(address(registry)).ownerOf(uint256(uint160(asset))) returns (address holder) {
            return holder;
        } catch {}
        owner = IRegistryEntry(asset).owner();
        require(registry.isRegistered(asset), code);
    }
}
