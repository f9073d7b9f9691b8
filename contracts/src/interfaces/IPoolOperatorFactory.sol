// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Creates operators of worker pools as minimal proxies, at addresses that their first settings decide. So anybody may
/// create one for any owner, and who is faster creates the same one.
interface IPoolOperatorFactory {
    event OperatorCreated(address indexed operator, address indexed owner);

    /// An operator of nobody could never be used.
    error OwnerIsZero();

    /// Market whose pools it makes operators for.
    function hub() external view returns (address);

    /// Code behind all operators; `0x363d3d373d3d3d363d73 ‖ this ‖ 5af43d82803e903d91602b57fd5bf3` is the code of each.
    function implementation() external view returns (address);

    /// Creates an operator, or gives the one that these settings made before (which may have others by now). Anybody, for
    /// any owner but zero ({OwnerIsZero}).
    /// @param agent key of the scheduler; zero: none yet
    /// @param priceFloor nRLC per task
    function createOperator(address owner, address agent, uint96 priceFloor, bytes32 salt) external returns (address);

    /// Creates a pool and the operator that owns it; each is kept when it is there already.
    /// The operator's salt is keccak256(description). Reverts as {createOperator} does.
    function createPool(address owner, address agent, uint96 priceFloor, string calldata description)
        external
        returns (address operator, address workerpool);

    /// Where {createOperator} puts it.
    function predictOperator(address owner, address agent, uint96 priceFloor, bytes32 salt)
        external
        view
        returns (address);

    /// Where {createPool} puts both.
    function predictPool(address owner, address agent, uint96 priceFloor, string calldata description)
        external
        view
        returns (address operator, address workerpool);
}
