// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Category} from "../hub/Settings.sol";
import {EIP712Domain} from "./Views.sol";

/// Settings. Functions of the owner revert `Ownable: caller is not the owner` for others.
interface IConfiguration {
    event CreateCategory(uint256 catid, string name, string description, uint256 workClockTimeRef);

    /// With so much gas for its callback no task could be finalized in one transaction.
    error CallbackGasTooHigh(uint256 gasAmount, uint256 limit);

    /// Owner, once (`already-configured`).
    /// @param token deposited currency
    /// @param v3Hub source of imported scores; zero for none
    function configure(
        address token,
        string calldata name,
        string calldata symbol,
        uint8 decimals,
        address appRegistry,
        address datasetRegistry,
        address workerpoolRegistry,
        address v3Hub
    ) external;

    /// EIP-712 domain as of now, whether or not the stored separator follows it.
    function domain() external view returns (EIP712Domain memory);

    /// Anybody, after a change of chain id. `not-configured` before {configure}.
    function updateDomainSeparator() external;

    /// Anybody, once per worker (`score-already-imported`): keeps the larger of both scores.
    function importScore(address worker) external;

    /// Owner. The broker vouches for contributions with an enclave in place of all schedulers, at once and for running
    /// tasks too; zero for none.
    function setTeeBroker(address broker) external;

    /// Owner. Holds for running tasks too.
    /// @param gasAmount gas for each result callback, at most 10 000 000 ({CallbackGasTooHigh})
    function setCallbackGas(uint256 gasAmount) external;

    /// Owner. Holds for matches from now on; deals keep their assets.
    function changeRegistries(address appRegistry, address datasetRegistry, address workerpoolRegistry) external;

    /// Owner.
    /// @param workClockTimeRef unit of a task's deadlines in seconds; the last one is 10 units after the match
    /// @return catid number of the new category; categories are final
    function createCategory(string calldata name, string calldata description, uint256 workClockTimeRef)
        external
        returns (uint256 catid);

    /// Number of categories; their ids are 0 to this number less one.
    function countCategory() external view returns (uint256);

    /// Empty revert for an unknown one.
    function viewCategory(uint256 catid) external view returns (Category memory);

    /// ERC-721 registry of the apps that may be matched.
    function appregistry() external view returns (address);

    /// ERC-721 registry of the data sets that may be matched.
    function datasetregistry() external view returns (address);

    /// ERC-721 registry of the worker pools that may be matched.
    function workerpoolregistry() external view returns (address);

    /// Who vouches for enclaves; zero: the scheduler of each deal.
    function teebroker() external view returns (address);

    /// Gas that a result callback gets.
    function callbackgas() external view returns (uint256);

    /// Separator under which orders are hashed; zero before {configure}.
    function eip712domain_separator() external view returns (bytes32);
}
