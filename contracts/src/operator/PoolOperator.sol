// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IPoolOperator} from "../interfaces/IPoolOperator.sol";
import {IRegistryEntry} from "../interfaces/IRegistryEntry.sol";
import {OrderOperation, WorkerpoolOrderOperation} from "../orders/Orders.sol";
import {AgentStatement} from "./AgentStatement.sol";

/// Code behind every operator; the factory makes the proxies.
contract PoolOperator is IPoolOperator {
    using AgentStatement for bytes;

    bytes4 private constant REFUSED = 0xffffffff;

    /// @inheritdoc IPoolOperator
    address public immutable hub;
    address private immutable _factory;

    // slot 0
    /// @inheritdoc IPoolOperator
    address public owner;
    // slot 1
    /// @inheritdoc IPoolOperator
    address public candidate;
    // slot 2: read by every signature
    /// @inheritdoc IPoolOperator
    address public agent;
    /// @inheritdoc IPoolOperator
    uint96 public priceFloor;

    /// The deployer is the factory. It never sets this instance up, so nobody owns it.
    constructor(address hub_) {
        hub = hub_;
        _factory = msg.sender;
    }

    modifier onlyOwner() {
        if (msg.sender != owner) revert CallerIsNotTheOwner(msg.sender, owner);
        _;
    }

    modifier onlyAgent() {
        if (msg.sender != agent) revert CallerIsNotTheAgent(msg.sender, agent);
        _;
    }

    /// @inheritdoc IPoolOperator
    function setUp(address owner_, address agent_, uint96 priceFloor_) external {
        if (msg.sender != _factory || owner != address(0)) revert AlreadySetUp();
        _setOwner(owner_);
        _setAgent(agent_);
        _setPriceFloor(priceFloor_);
    }

    /// @inheritdoc IPoolOperator
    function execute(address target, uint256 value, bytes calldata data)
        external
        payable
        onlyOwner
        returns (bytes memory)
    {
        emit Executed(target, value, data);
        if (data.length > 0) return Address.functionCallWithValue(target, data, value);
        Address.sendValue(payable(target), value);
        return "";
    }

    /// @inheritdoc IPoolOperator
    function setAgent(address newAgent) external onlyOwner {
        _setAgent(newAgent);
    }

    /// @inheritdoc IPoolOperator
    function setPriceFloor(uint96 newFloor) external onlyOwner {
        _setPriceFloor(newFloor);
    }

    /// @inheritdoc IPoolOperator
    function proposeOwner(address newCandidate) external onlyOwner {
        candidate = newCandidate;
        emit OwnerProposed(newCandidate);
    }

    /// @inheritdoc IPoolOperator
    function acceptOwnership() external {
        if (msg.sender != candidate) revert CallerIsNotTheCandidate(msg.sender, candidate);
        candidate = address(0);
        _setOwner(msg.sender);
    }

    /// @inheritdoc IPoolOperator
    function finalize(bytes32, bytes calldata, bytes calldata) external onlyAgent {
        _forward();
    }

    /// @inheritdoc IPoolOperator
    function reopen(bytes32) external onlyAgent {
        _forward();
    }

    /// @inheritdoc IPoolOperator
    function manageWorkerpoolOrder(WorkerpoolOrderOperation calldata op) external onlyAgent {
        if (op.operation != OrderOperation.CLOSE) revert AgentMayOnlyClose();
        _forward();
    }

    /// @inheritdoc IPoolOperator
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        AgentStatement.Kind kind = signature.kindOf();
        if (kind == AgentStatement.Kind.NONE) return REFUSED;
        (address signer, uint256 floor) = (agent, priceFloor);
        if (AgentStatement.digestOf(kind, signature, hub) != digest) return REFUSED;
        if (!signature.isSignedBy(digest, signer)) return REFUSED;
        if (kind == AgentStatement.Kind.ORDER && !_mayOffer(signature, floor)) return REFUSED;
        return IERC1271.isValidSignature.selector;
    }

    /// @inheritdoc IPoolOperator
    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return IERC721Receiver.onERC721Received.selector;
    }

    /// Reverts for a pool that is no contract, which a caller takes for a refusal too.
    function _mayOffer(bytes calldata signature, uint256 floor) private view returns (bool) {
        address pool = address(uint160(signature.word(0)));
        return signature.word(1) >= floor && IRegistryEntry(pool).owner() == address(this);
    }

    /// Passes the call on to the hub as it came: the hub's function has the same signature.
    function _forward() private {
        (bool success, bytes memory answer) = hub.call(msg.data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }

    function _setOwner(address current) private {
        emit OwnerChanged(owner, current);
        owner = current;
    }

    function _setAgent(address current) private {
        emit AgentChanged(agent, current);
        agent = current;
    }

    function _setPriceFloor(uint96 current) private {
        emit PriceFloorChanged(priceFloor, current);
        priceFloor = current;
    }
}
