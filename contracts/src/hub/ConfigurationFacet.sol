// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Scores} from "../classic/Scores.sol";
import {IConfiguration} from "../interfaces/IConfiguration.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {IScores} from "../interfaces/IScores.sol";
import {EIP712Domain} from "../interfaces/Views.sol";
import {Domain} from "../orders/Domain.sol";
import {Owned} from "./Owned.sol";
import {Category, Clock, Settings} from "./Settings.sol";

/// Settings of the market.
contract ConfigurationFacet is IConfiguration, Owned {
    /// Gas of a result callback unless the owner sets another amount.
    uint256 internal constant DEFAULT_CALLBACK_GAS = 200_000;
    /// Leaves room for the settlement around it in one transaction of at most 2^24 gas (EIP-7825).
    uint256 internal constant MAX_CALLBACK_GAS = 10_000_000;

    /// @inheritdoc IConfiguration
    function configure(
        address token,
        string calldata name,
        string calldata symbol,
        uint8 decimals,
        address appRegistry,
        address datasetRegistry,
        address workerpoolRegistry,
        address v3Hub
    ) external onlyOwner {
        Settings.State storage settings = Settings.load();
        require(settings.domainSeparator == 0, "already-configured");
        settings.domainSeparator = Domain.separator();
        settings.callbackGas = DEFAULT_CALLBACK_GAS;
        settings.token = IERC20(token);
        settings.name = name;
        settings.symbol = symbol;
        settings.decimals = decimals;
        settings.v3Hub = v3Hub;
        _setRegistries(appRegistry, datasetRegistry, workerpoolRegistry);
    }

    /// @inheritdoc IConfiguration
    function domain() external view returns (EIP712Domain memory) {
        return EIP712Domain(Domain.NAME, Domain.VERSION, block.chainid, address(this));
    }

    /// @inheritdoc IConfiguration
    function updateDomainSeparator() external {
        require(Settings.load().domainSeparator != 0, "not-configured");
        Settings.load().domainSeparator = Domain.separator();
    }

    /// @inheritdoc IConfiguration
    function importScore(address worker) external {
        Settings.State storage settings = Settings.load();
        require(!settings.scoreImported[worker], "score-already-imported");
        Scores.set(worker, Math.max(Scores.of_(worker), IScores(settings.v3Hub).viewScore(worker)));
        settings.scoreImported[worker] = true;
    }

    /// @inheritdoc IConfiguration
    function setTeeBroker(address broker) external onlyOwner {
        Settings.load().teeBroker = broker;
    }

    /// @inheritdoc IConfiguration
    function setCallbackGas(uint256 gasAmount) external onlyOwner {
        if (gasAmount > MAX_CALLBACK_GAS) revert CallbackGasTooHigh(gasAmount, MAX_CALLBACK_GAS);
        Settings.load().callbackGas = gasAmount;
    }

    /// @inheritdoc IConfiguration
    function changeRegistries(address appRegistry, address datasetRegistry, address workerpoolRegistry)
        external
        onlyOwner
    {
        _setRegistries(appRegistry, datasetRegistry, workerpoolRegistry);
    }

    /// @inheritdoc IConfiguration
    function createCategory(string calldata name, string calldata description, uint256 workClockTimeRef)
        external
        onlyOwner
        returns (uint256 catid)
    {
        Category[] storage categories = Settings.load().categories;
        catid = categories.length;
        categories.push(Category(name, description, workClockTimeRef));
        Settings.load().clocks[catid] = Clock(true, uint248(Math.min(workClockTimeRef, type(uint248).max)));
        emit CreateCategory(catid, name, description, workClockTimeRef);
    }

    /// @inheritdoc IConfiguration
    function countCategory() external view returns (uint256) {
        return Settings.load().categories.length;
    }

    /// @inheritdoc IConfiguration
    function viewCategory(uint256 catid) external view returns (Category memory) {
        Category[] storage categories = Settings.load().categories;
        require(catid < categories.length);
        return categories[catid];
    }

    /// @inheritdoc IConfiguration
    function appregistry() external view returns (address) {
        return address(Settings.load().appRegistry);
    }

    /// @inheritdoc IConfiguration
    function datasetregistry() external view returns (address) {
        return address(Settings.load().datasetRegistry);
    }

    /// @inheritdoc IConfiguration
    function workerpoolregistry() external view returns (address) {
        return address(Settings.load().workerpoolRegistry);
    }

    /// @inheritdoc IConfiguration
    function teebroker() external view returns (address) {
        return Settings.load().teeBroker;
    }

    /// @inheritdoc IConfiguration
    function callbackgas() external view returns (uint256) {
        return Settings.load().callbackGas;
    }

    /// @inheritdoc IConfiguration
    function eip712domain_separator() external view returns (bytes32) {
        return Settings.load().domainSeparator;
    }

    function _setRegistries(address appRegistry, address datasetRegistry, address workerpoolRegistry) private {
        Settings.State storage settings = Settings.load();
        settings.appRegistry = IRegistry(appRegistry);
        settings.datasetRegistry = IRegistry(datasetRegistry);
        settings.workerpoolRegistry = IRegistry(workerpoolRegistry);
    }
}
