// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Deployment} from "../support/Deployment.sol";

/// Bytes of code of every contract that a deployment creates; contracts.test.ts compares them with snapshots/size.json.
contract SizesTest is Deployment {
    /// Of EIP-170.
    uint256 internal constant LIMIT = 24_576;

    function setUp() public {
        deploy();
    }

    function test_EveryContractFitsTheSizeLimit() public {
        note("RLC", address(token));
        note("AppRegistry", address(apps));
        note("DatasetRegistry", address(datasets));
        note("WorkerpoolRegistry", address(workerpools));
        note("Hub", address(hub));
        note("Timelock", vm.deployCode("Timelock.sol:Timelock", abi.encode(1, new address[](0))));
        note("PoolOperatorFactory", vm.deployCode("PoolOperatorFactory.sol:PoolOperatorFactory", abi.encode(address(hub))));
        string memory facts = vm.readFile("facets.json");
        uint256 count = vm.parseJsonUint(facts, ".count");
        for (uint256 i; i < count; ++i) {
            string memory name = vm.parseJsonString(facts, string.concat(".facets[", vm.toString(i), "].name"));
            note(name, vm.deployCode(string.concat(name, ".sol:", name)));
        }
    }

    function note(string memory name, address deployed) private {
        uint256 size = deployed.code.length;
        ok(size > 0 && size <= LIMIT, name);
        vm.snapshotValue("size", name, size);
    }
}
