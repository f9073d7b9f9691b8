// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IApp} from "../interfaces/IRegistryEntry.sol";
import {App} from "./App.sol";
import {Registry} from "./Registry.sol";

/// Programs on offer. Anybody may create one for any owner; same content and owner give the same address, once.
contract AppRegistry is Registry {
    /// @param owner may name the older registry and set the base URI
    constructor(address owner)
        Registry(owner, address(new App(this)), "iExec Application Registry (V5)", "iExecAppsV5")
    {}

    function createApp(
        address _appOwner,
        string calldata _appName,
        string calldata _appType,
        bytes calldata _appMultiaddr,
        bytes32 _appChecksum,
        bytes calldata _appMREnclave
    ) external returns (address) {
        return _create(
            _appOwner, abi.encodeCall(IApp.initialize, (_appName, _appType, _appMultiaddr, _appChecksum, _appMREnclave))
        );
    }

    function predictApp(
        address _appOwner,
        string calldata _appName,
        string calldata _appType,
        bytes calldata _appMultiaddr,
        bytes32 _appChecksum,
        bytes calldata _appMREnclave
    ) external view returns (address) {
        return _predict(
            _appOwner, abi.encodeCall(IApp.initialize, (_appName, _appType, _appMultiaddr, _appChecksum, _appMREnclave))
        );
    }
}
