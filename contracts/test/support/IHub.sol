// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC2535DiamondCut} from "@solidstate/contracts/interfaces/IERC2535DiamondCut.sol";
import {IERC2535DiamondLoupe} from "@solidstate/contracts/interfaces/IERC2535DiamondLoupe.sol";
import {IAccessors} from "../../src/interfaces/IAccessors.sol";
import {IConfiguration} from "../../src/interfaces/IConfiguration.sol";
import {IDevelopmentEnclaves} from "../../src/interfaces/IDevelopmentEnclaves.sol";
import {IEscrow} from "../../src/interfaces/IEscrow.sol";
import {ILegacyAccessors} from "../../src/interfaces/ILegacyAccessors.sol";
import {IMatching} from "../../src/interfaces/IMatching.sol";
import {IOrderManagement} from "../../src/interfaces/IOrderManagement.sol";
import {IOwnership} from "../../src/interfaces/IOwnership.sol";
import {IRelay} from "../../src/interfaces/IRelay.sol";
import {IStakedToken} from "../../src/interfaces/IStakedToken.sol";
import {ITasks} from "../../src/interfaces/ITasks.sol";

/// The hub as its clients see it.
interface IHub is
    IOwnership,
    IConfiguration,
    IStakedToken,
    IEscrow,
    IMatching,
    IOrderManagement,
    IRelay,
    ITasks,
    IAccessors,
    ILegacyAccessors,
    IDevelopmentEnclaves,
    IERC2535DiamondCut,
    IERC2535DiamondLoupe
{
    function supportsInterface(bytes4 id) external view returns (bool);
}

interface IToken {
    function approve(address spender, uint256 value) external returns (bool);
    function approveAndCall(address spender, uint256 value, bytes calldata data) external returns (bool);
    function transfer(address to, uint256 value) external returns (bool);
    function balanceOf(address owner) external view returns (uint256);
    function totalSupply() external view returns (uint256);
    function decimals() external view returns (uint8);
    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
}

interface IRegistries {
    function createApp(address, string calldata, string calldata, bytes calldata, bytes32, bytes calldata)
        external
        returns (address);
    function predictApp(address, string calldata, string calldata, bytes calldata, bytes32, bytes calldata)
        external
        view
        returns (address);
    function createDataset(address, string calldata, bytes calldata, bytes32) external returns (address);
    function predictDataset(address, string calldata, bytes calldata, bytes32) external view returns (address);
    function createWorkerpool(address, string calldata) external returns (address);
    function predictWorkerpool(address, string calldata) external view returns (address);
    function ownerOf(uint256) external view returns (address);
    function transferFrom(address, address, uint256) external;
    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
    function owner() external view returns (address);
    function balanceOf(address) external view returns (uint256);
    function totalSupply() external view returns (uint256);
    function tokenByIndex(uint256) external view returns (uint256);
    function tokenOfOwnerByIndex(address, uint256) external view returns (uint256);
    function tokenURI(uint256) external view returns (string memory);
}
