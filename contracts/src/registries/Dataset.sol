// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRegistry} from "../interfaces/IRegistry.sol";
import {IDataset} from "../interfaces/IRegistryEntry.sol";
import {RegistryEntry} from "./RegistryEntry.sol";

/// A data set.
contract Dataset is IDataset, RegistryEntry {
    /// @inheritdoc IDataset
    string public m_datasetName;
    /// @inheritdoc IDataset
    bytes public m_datasetMultiaddr;
    /// @inheritdoc IDataset
    bytes32 public m_datasetChecksum;

    constructor(IRegistry registry_) RegistryEntry(registry_) {}

    /// @inheritdoc IDataset
    function initialize(string calldata _datasetName, bytes calldata _datasetMultiaddr, bytes32 _datasetChecksum)
        external
        initializer
    {
        m_datasetName = _datasetName;
        m_datasetMultiaddr = _datasetMultiaddr;
        m_datasetChecksum = _datasetChecksum;
    }
}
