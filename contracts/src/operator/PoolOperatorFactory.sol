// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IConfiguration} from "../interfaces/IConfiguration.sol";
import {IPoolOperator} from "../interfaces/IPoolOperator.sol";
import {IPoolOperatorFactory} from "../interfaces/IPoolOperatorFactory.sol";
import {WorkerpoolRegistry} from "../registries/WorkerpoolRegistry.sol";
import {PoolOperator} from "./PoolOperator.sol";

/// One per hub; it has neither owner nor settings.
contract PoolOperatorFactory is IPoolOperatorFactory {
    /// @inheritdoc IPoolOperatorFactory
    address public immutable hub;
    /// @inheritdoc IPoolOperatorFactory
    address public immutable implementation;

    constructor(address hub_) {
        hub = hub_;
        implementation = address(new PoolOperator(hub_));
    }

    /// @inheritdoc IPoolOperatorFactory
    function createOperator(address owner, address agent, uint96 priceFloor, bytes32 salt)
        public
        returns (address operator)
    {
        if (owner == address(0)) revert OwnerIsZero();
        operator = predictOperator(owner, agent, priceFloor, salt);
        if (operator.code.length > 0) return operator;
        Clones.cloneDeterministic(implementation, _salt(owner, agent, priceFloor, salt));
        IPoolOperator(operator).setUp(owner, agent, priceFloor);
        emit OperatorCreated(operator, owner);
    }

    /// @inheritdoc IPoolOperatorFactory
    function createPool(address owner, address agent, uint96 priceFloor, string calldata description)
        external
        returns (address operator, address workerpool)
    {
        operator = createOperator(owner, agent, priceFloor, keccak256(bytes(description)));
        WorkerpoolRegistry registry = _registry();
        workerpool = registry.predictWorkerpool(operator, description);
        if (!registry.isRegistered(workerpool)) registry.createWorkerpool(operator, description);
    }

    /// @inheritdoc IPoolOperatorFactory
    function predictOperator(address owner, address agent, uint96 priceFloor, bytes32 salt)
        public
        view
        returns (address)
    {
        return Clones.predictDeterministicAddress(implementation, _salt(owner, agent, priceFloor, salt));
    }

    /// @inheritdoc IPoolOperatorFactory
    function predictPool(address owner, address agent, uint96 priceFloor, string calldata description)
        external
        view
        returns (address operator, address workerpool)
    {
        operator = predictOperator(owner, agent, priceFloor, keccak256(bytes(description)));
        workerpool = _registry().predictWorkerpool(operator, description);
    }

    /// The hub's registry of now.
    function _registry() private view returns (WorkerpoolRegistry) {
        return WorkerpoolRegistry(IConfiguration(hub).workerpoolregistry());
    }

    /// All settings, so that nobody can create an owner's operator with an agent of his own.
    function _salt(address owner, address agent, uint96 priceFloor, bytes32 salt) private pure returns (bytes32) {
        return keccak256(abi.encode(owner, agent, priceFloor, salt));
    }
}
