// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IWorkerpool} from "../interfaces/IRegistryEntry.sol";
import {Registry} from "./Registry.sol";
import {Workerpool} from "./Workerpool.sol";

/// Worker pools on offer. Anybody may create one for any owner; same content and owner give the same address, once.
contract WorkerpoolRegistry is Registry {
    /// @param owner may name the older registry and set the base URI
    constructor(address owner)
        Registry(owner, address(new Workerpool(this)), "iExec Workerpool Registry (V5)", "iExecWorkerpoolV5")
    {}

    function createWorkerpool(address _workerpoolOwner, string calldata _workerpoolDescription)
        external
        returns (address)
    {
        return _create(_workerpoolOwner, abi.encodeCall(IWorkerpool.initialize, (_workerpoolDescription)));
    }

    function predictWorkerpool(address _workerpoolOwner, string calldata _workerpoolDescription)
        external
        view
        returns (address)
    {
        return _predict(_workerpoolOwner, abi.encodeCall(IWorkerpool.initialize, (_workerpoolDescription)));
    }
}
