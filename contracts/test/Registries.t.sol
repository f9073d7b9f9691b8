// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRegistry} from "../src/interfaces/IRegistry.sol";
import {IApp, IDataset, IRegistryEntry, IWorkerpool} from "../src/interfaces/IRegistryEntry.sol";
import {IRegistries} from "./support/IHub.sol";
import {Market} from "./support/Market.sol";

contract RegistriesTest is Market {
    function test_Names() public view {
        eq(apps.name(), "iExec Application Registry (V5)", "apps");
        eq(apps.symbol(), "iExecAppsV5", "apps");
        eq(datasets.name(), "iExec Dataset Registry (V5)", "datasets");
        eq(datasets.symbol(), "iExecDatasetsV5", "datasets");
        eq(workerpools.name(), "iExec Workerpool Registry (V5)", "pools");
        eq(workerpools.symbol(), "iExecWorkerpoolV5", "pools");
        eq(apps.owner(), OWNER, "owner");
    }

    function test_CreateApp() public {
        address predicted = apps.predictApp(stranger, "n", "DOCKER", "m", "c", "e");
        eq(apps.createApp(stranger, "n", "DOCKER", "m", "c", "e"), predicted, "predicted");
        IApp entry = IApp(predicted);
        eq(entry.owner(), stranger, "owner");
        eq(address(entry.registry()), address(apps), "registry");
        eq(entry.m_appName(), "n", "name");
        eq(entry.m_appType(), "DOCKER", "type");
        eq(entry.m_appMultiaddr(), "m", "multiaddr");
        eq(entry.m_appChecksum(), "c", "checksum");
        eq(entry.m_appMREnclave(), "e", "enclave");
        eq(apps.ownerOf(uint256(uint160(predicted))), stranger, "token");
        ok(IRegistry(address(apps)).isRegistered(predicted), "registered");
        ok(!IRegistry(address(apps)).isRegistered(stranger), "not registered");
        expectText("Create2: Failed on deploy");
        apps.createApp(stranger, "n", "DOCKER", "m", "c", "e");
        expectText("already initialized");
        entry.initialize("x", "x", "x", "x", "x");
        eq(hub.viewApp(predicted).m_appType, "DOCKER", "hub view");
    }

    function test_CreateDataset() public {
        address predicted = datasets.predictDataset(stranger, "n", "m", "c");
        eq(datasets.createDataset(stranger, "n", "m", "c"), predicted, "predicted");
        IDataset entry = IDataset(predicted);
        eq(entry.m_datasetName(), "n", "name");
        eq(entry.m_datasetMultiaddr(), "m", "multiaddr");
        eq(entry.m_datasetChecksum(), "c", "checksum");
        expectText("already initialized");
        entry.initialize("x", "x", "x");
        eq(hub.viewDataset(predicted).owner, stranger, "hub view");
    }

    function test_WorkerpoolPolicy() public {
        IWorkerpool entry = IWorkerpool(workerpools.predictWorkerpool(stranger, "d"));
        eq(workerpools.createWorkerpool(stranger, "d"), address(entry), "predicted");
        eq(entry.m_workerpoolDescription(), "d", "description");
        eq(entry.m_workerStakeRatioPolicy(), 30, "stake ratio");
        eq(entry.m_schedulerRewardRatioPolicy(), 1, "scheduler ratio");
        expectText("already initialized");
        entry.initialize("x");
        expectText("caller is not the owner");
        entry.changePolicy(1, 1);
        vm.startPrank(stranger);
        expectEmpty();
        entry.changePolicy(1, 101);
        vm.expectEmit(true, true, true, true, address(entry));
        emit IWorkerpool.PolicyUpdate(30, 500, 1, 100);
        entry.changePolicy(500, 100);
        eq(hub.viewWorkerpool(address(entry)).m_workerStakeRatioPolicy, 500, "hub view");
    }

    function test_SaltIsInitializerAndOwner() public view {
        IRegistry registry = IRegistry(address(apps));
        bytes memory init = abi.encodeCall(IApp.initialize, ("app", "WASI", "/ipfs/app", keccak256("app"), ""));
        bytes32 salt = keccak256(abi.encodePacked(init, appOwner));
        bytes32 hash = keccak256(abi.encodePacked(hex"ff", address(apps), salt, registry.proxyCodeHash()));
        eq(address(uint160(uint256(hash))), app, "address");
        eq(keccak256(registry.proxyCode()), registry.proxyCodeHash(), "code hash");
        ok(registry.master().code.length > 0, "master");
    }

    function test_Enumeration() public {
        address second = apps.createApp(appOwner, "2", "WASI", "", 0, "");
        eq(apps.totalSupply(), 2, "supply");
        eq(apps.balanceOf(appOwner), 2, "balance");
        eq(apps.tokenByIndex(1), uint256(uint160(second)), "by index");
        eq(apps.tokenOfOwnerByIndex(appOwner, 1), uint256(uint160(second)), "of owner");
        vm.prank(appOwner);
        apps.transferFrom(appOwner, stranger, uint256(uint160(second)));
        eq(IRegistryEntry(second).owner(), stranger, "ownership follows the token");
    }

    function test_BaseUri() public {
        IRegistry registry = IRegistry(address(apps));
        eq(apps.tokenURI(uint256(uint160(app))), "", "empty");
        expectText("Ownable: caller is not the owner");
        registry.setBaseURI("x");
        vm.prank(OWNER);
        registry.setBaseURI("https://example.org/");
        eq(registry.baseURI(), "https://example.org/", "base");
        string memory expected = string.concat("https://example.org/", vm.toString(uint256(uint160(app))));
        eq(apps.tokenURI(uint256(uint160(app))), expected, "uri");
    }

    function test_Initialize() public {
        IRegistry next = IRegistry(vm.deployCode("AppRegistry.sol:AppRegistry", abi.encode(OWNER)));
        ok(!next.initialized(), "not yet");
        ok(!next.isRegistered(app), "knows nothing");
        expectText("Ownable: caller is not the owner");
        next.initialize(address(apps));
        vm.startPrank(OWNER);
        next.initialize(address(apps));
        ok(next.initialized(), "done");
        eq(address(next.previous()), address(apps), "previous");
        ok(next.isRegistered(app), "known through the older registry");
        expectEmpty();
        next.initialize(address(0));
    }

    function test_SetNameIsNotSupported() public {
        expectText("Ownable: caller is not the owner");
        IRegistry(address(apps)).setName(address(0), "x");
        vm.prank(OWNER);
        expectText("Operation not supported on this chain");
        IRegistry(address(apps)).setName(address(0), "x");
        expectText("caller is not the owner");
        IRegistryEntry(app).setName(address(0), "x");
        vm.prank(appOwner);
        expectText("Operation not supported on this chain");
        IRegistryEntry(app).setName(address(0), "x");
    }

    function test_MasterIsClosed() public {
        IApp master = IApp(IRegistry(address(apps)).master());
        expectText("already initialized");
        master.initialize("x", "x", "x", "x", "x");
    }
}
