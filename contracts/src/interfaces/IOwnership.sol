// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// The owner cuts facets and changes settings.
interface IOwnership {
    /// Ownership went from one to the other; from zero at the start.
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    /// Someone else than the owner cut facets or gave ownership away.
    error NotContractOwner(address caller, address owner);

    /// Who may cut facets, change settings and recover stray tokens.
    function owner() external view returns (address);

    /// Owner only ({NotContractOwner}). Immediate, and final for a wrong address.
    function transferOwnership(address newOwner) external;
}
