// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IDataset} from "../interfaces/IRegistryEntry.sol";
import {Dataset} from "./Dataset.sol";
import {Registry} from "./Registry.sol";

/// Data sets on offer. Anybody may create one for any owner; same content and owner give the same address, once.
contract DatasetRegistry is Registry {
    /// @param owner may name the older registry and set the base URI
    constructor(address owner)
        Registry(owner, address(new Dataset(this)), "iExec Dataset Registry (V5)", "iExecDatasetsV5")
    {}

    function createDataset(
        address _datasetOwner,
        string calldata _datasetName,
        bytes calldata _datasetMultiaddr,
        bytes32 _datasetChecksum
    ) external returns (address) {
        return _create(
            _datasetOwner, abi.encodeCall(IDataset.initialize, (_datasetName, _datasetMultiaddr, _datasetChecksum))
        );
    }

    function predictDataset(
        address _datasetOwner,
        string calldata _datasetName,
        bytes calldata _datasetMultiaddr,
        bytes32 _datasetChecksum
    ) external view returns (address) {
        return _predict(
            _datasetOwner, abi.encodeCall(IDataset.initialize, (_datasetName, _datasetMultiaddr, _datasetChecksum))
        );
    }
}
