// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {WorkerpoolOrderOperation} from "../orders/Orders.sol";

/// Owns worker pools and the pool owner's account at the hub, so that the key that signs all day need not own them.
/// The owner, a cold key or a contract, may do everything. The agent, the hot key of a scheduler, may only say what a
/// scheduler has to say ({isValidSignature}) and end tasks ({finalize}, {reopen}, {closeOrder}). `initialize` and
/// `claim` are open to everybody at the hub: the agent sends them there.
///
/// What a stolen agent key can cost until the owner changes the agent: the free and locked nRLC of this contract at the
/// hub (deals that are left to time out lose the pool's stake), the fee above the floor, and the pool's good name. It
/// reaches neither tokens held outside the hub, nor the pool's NFT, nor the settings here. Nothing it signed remains
/// valid for a match or a contribution after the change; deals made before go on.
///
/// There is no reentrancy guard: calls of the agent change nothing in this contract, and calls of the owner end in
/// {execute}, which only the owner can enter.
interface IPoolOperator is IERC1271 {
    /// The owner named who may become owner; zero: nobody.
    event OwnerProposed(address indexed candidate);
    event OwnerChanged(address indexed former, address indexed current);
    event AgentChanged(address indexed former, address indexed current);
    /// nRLC per task.
    event PriceFloorChanged(uint256 former, uint256 current);
    /// The owner had this contract call `target`.
    event Executed(address indexed target, uint256 value, bytes data);

    error CallerIsNotTheOwner(address caller, address owner);
    error CallerIsNotTheAgent(address caller, address agent);
    error CallerIsNotTheCandidate(address caller, address candidate);
    /// The agent may close orders, not presign them: a presignature would outlive it.
    error AgentMayOnlyClose();
    /// {setUp} is for the factory, once.
    error AlreadySetUp();

    /// Once, by the factory in the creating transaction ({AlreadySetUp}).
    /// @param priceFloor least price of an order that the agent may sign, in nRLC per task
    function setUp(address owner, address agent, uint96 priceFloor) external;

    /// Market that its pools are part of.
    function hub() external view returns (address);
    /// Who may do everything.
    function owner() external view returns (address);
    /// Who may take ownership over; zero: nobody.
    function candidate() external view returns (address);
    /// Zero: nobody signs, nothing is finalized.
    function agent() external view returns (address);
    /// nRLC per task.
    function priceFloor() external view returns (uint96);

    // -- owner

    /// Calls anything as the owner of pools and money: `withdrawTo` at the hub, `changePolicy` of a pool, presigning an
    /// order at any price, `transferFrom` of the pool's NFT. Owner only ({CallerIsNotTheOwner}). Reverts as the call does,
    /// `FailedCall` when it gives no reason, `InsufficientBalance` for more wei than there are, and `AddressEmptyCode` for
    /// data to an address without code; without data it sends wei to any address.
    /// @param value wei, of this contract's balance and what is sent along
    function execute(address target, uint256 value, bytes calldata data) external payable returns (bytes memory);

    /// Owner only ({CallerIsNotTheOwner}), at once: what the former agent signed is void from the next block on, at the latest.
    function setAgent(address newAgent) external;

    /// Owner only ({CallerIsNotTheOwner}), at once, for orders that are signed already too.
    /// @param newFloor nRLC per task
    function setPriceFloor(uint96 newFloor) external;

    /// Owner only ({CallerIsNotTheOwner}). The candidate becomes owner by {acceptOwnership}; a wrong address does no harm.
    function proposeOwner(address newCandidate) external;

    /// Candidate only ({CallerIsNotTheCandidate}).
    function acceptOwnership() external;

    // -- agent

    /// As `finalize` of the hub. Agent only ({CallerIsNotTheAgent}). Reverts as the hub does.
    function finalize(bytes32 taskId, bytes calldata results, bytes calldata resultsCallback) external;

    /// As `reopen` of the hub. Agent only ({CallerIsNotTheAgent}). Reverts as the hub does.
    function reopen(bytes32 taskId) external;

    /// As `manageWorkerpoolOrder` of the hub, for closing ({AgentMayOnlyClose}). Agent only ({CallerIsNotTheAgent}).
    /// Reverts as the hub does.
    function manageWorkerpoolOrder(WorkerpoolOrderOperation calldata op) external;

    // -- anybody

    /// Whether the agent may say and did say what `digest` stands for. ERC-1271 hands over a digest alone, so the
    /// signature carries the statement: 65 bytes of the agent's ECDSA signature over `digest` (r, s, v), then
    /// - 320 bytes: a worker pool order, its ten fields as words. The pool must belong to this contract and the price
    ///   reach the floor;
    /// - 72 bytes: an authorisation, worker ‖ task ‖ enclave challenge. The hub asks for it only in deals of this
    ///   contract's pools;
    /// - 32 bytes: a login at a market, the hash of its challenge.
    /// The digest is computed anew from the statement; any other digest, permits of tokens included, is refused.
    /// @return magic 0x1626ba7e, or 0xffffffff
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4 magic);

    /// Accepts NFTs of registries.
    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4);
}
