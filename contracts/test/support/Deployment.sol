// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC2535DiamondCutInternal} from "@solidstate/contracts/interfaces/IERC2535DiamondCutInternal.sol";
import {IRegistry} from "../../src/interfaces/IRegistry.sol";
import {IHub, IRegistries, IToken} from "./IHub.sol";
import {TestBase} from "./TestBase.sol";

/// A whole market, deployed as packages/abi/README.md says; the owner is not the deployer.
abstract contract Deployment is TestBase {
    address internal constant OWNER = address(0x0A11CE);
    address internal constant TREASURY = address(0x7EA5);

    IHub internal hub;
    IToken internal token;
    IRegistries internal apps;
    IRegistries internal datasets;
    IRegistries internal workerpools;

    function deploy() internal {
        vm.warp(1_700_000_000);
        token = IToken(vm.deployCode("RLC.sol:RLC", abi.encode(TREASURY)));
        apps = IRegistries(vm.deployCode("AppRegistry.sol:AppRegistry", abi.encode(OWNER)));
        datasets = IRegistries(vm.deployCode("DatasetRegistry.sol:DatasetRegistry", abi.encode(OWNER)));
        workerpools = IRegistries(vm.deployCode("WorkerpoolRegistry.sol:WorkerpoolRegistry", abi.encode(OWNER)));
        hub = deployHub();

        vm.startPrank(OWNER);
        IRegistry(address(apps)).initialize(address(0));
        IRegistry(address(datasets)).initialize(address(0));
        IRegistry(address(workerpools)).initialize(address(0));
        configure(hub);
        hub.createCategory("XS", "\"\"", 300);
        hub.createCategory("S", "\"\"", 1200);
        hub.createCategory("M", "\"\"", 3600);
        hub.createCategory("L", "\"\"", 10800);
        hub.createCategory("XL", "\"\"", 36000);
        vm.stopPrank();
    }

    function configure(IHub target) internal {
        target.configure(
            address(token), "Staked RLC", "SRLC", 9, address(apps), address(datasets), address(workerpools), address(0)
        );
    }

    /// Facets and selectors are those of a real deployment, as the build wrote them.
    function deployHub() internal returns (IHub) {
        string memory facts = vm.readFile("facets.json");
        uint256 count = vm.parseJsonUint(facts, ".count");
        IERC2535DiamondCutInternal.FacetCut[] memory cuts = new IERC2535DiamondCutInternal.FacetCut[](count);
        for (uint256 i; i < count; ++i) {
            string memory key = string.concat(".facets[", vm.toString(i), "]");
            string memory name = vm.parseJsonString(facts, string.concat(key, ".name"));
            cuts[i].target = vm.deployCode(string.concat(name, ".sol:", name));
            cuts[i].selectors = unpack(vm.parseJsonBytes(facts, string.concat(key, ".selectors")));
        }
        return IHub(vm.deployCode("Hub.sol:Hub", abi.encode(OWNER, cuts, false)));
    }

    function unpack(bytes memory packed) private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](packed.length / 4);
        for (uint256 i; i < selectors.length; ++i) {
            bytes32 word;
            assembly ("memory-safe") {
                word := mload(add(add(packed, 32), mul(i, 4)))
            }
            selectors[i] = bytes4(word);
        }
    }
}
