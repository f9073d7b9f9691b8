// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRegistry} from "../interfaces/IRegistry.sol";
import {IApp} from "../interfaces/IRegistryEntry.sol";
import {RegistryEntry} from "./RegistryEntry.sol";

/// A program.
contract App is IApp, RegistryEntry {
    /// @inheritdoc IApp
    string public m_appName;
    /// @inheritdoc IApp
    string public m_appType;
    /// @inheritdoc IApp
    bytes public m_appMultiaddr;
    /// @inheritdoc IApp
    bytes32 public m_appChecksum;
    /// @inheritdoc IApp
    bytes public m_appMREnclave;

    constructor(IRegistry registry_) RegistryEntry(registry_) {}

    /// @inheritdoc IApp
    function initialize(
        string calldata _appName,
        string calldata _appType,
        bytes calldata _appMultiaddr,
        bytes32 _appChecksum,
        bytes calldata _appMREnclave
    ) external initializer {
        m_appName = _appName;
        m_appType = _appType;
        m_appMultiaddr = _appMultiaddr;
        m_appChecksum = _appChecksum;
        m_appMREnclave = _appMREnclave;
    }
}
