// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Enumerable} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721Enumerable.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";

/// Creates entries as minimal proxies of `master` at addresses that depend on their content and owner alone.
abstract contract Registry is IRegistry, ERC721Enumerable, Ownable {
    /// @inheritdoc IRegistry
    address public immutable master;
    /// @inheritdoc IRegistry
    bytes32 public immutable proxyCodeHash;
    /// @inheritdoc IRegistry
    IRegistry public previous;
    /// @inheritdoc IRegistry
    bool public initialized;
    /// @inheritdoc IRegistry
    string public baseURI;

    constructor(address owner, address master_, string memory name, string memory symbol)
        ERC721(name, symbol)
        Ownable(owner)
    {
        master = master_;
        proxyCodeHash = keccak256(_proxyCode(master_));
    }

    /// @inheritdoc IRegistry
    function initialize(address _previous) external onlyOwner {
        require(!initialized);
        initialized = true;
        previous = IRegistry(_previous);
    }

    /// @inheritdoc IRegistry
    function setBaseURI(string calldata baseUri) external onlyOwner {
        baseURI = baseUri;
    }

    /// @inheritdoc IRegistry
    function setName(address, string calldata) external view onlyOwner {
        revert("Operation not supported on this chain");
    }

    /// @inheritdoc IRegistry
    function proxyCode() external view returns (bytes memory) {
        return _proxyCode(master);
    }

    /// @inheritdoc IRegistry
    function isRegistered(address _entry) external view returns (bool) {
        return
            _ownerOf(_tokenId(_entry)) != address(0)
                || (address(previous) != address(0) && previous.isRegistered(_entry));
    }

    /// Deploys the entry, runs its initializer and gives its token to `owner`, who need not accept it.
    function _create(address owner, bytes memory initializer) internal returns (address entry) {
        entry = _predict(owner, initializer);
        require(entry.code.length == 0, "Create2: Failed on deploy");
        Create2.deploy(0, _salt(owner, initializer), _proxyCode(master));
        _initializeEntry(entry, initializer);
        _mint(owner, _tokenId(entry));
    }

    function _predict(address owner, bytes memory initializer) internal view returns (address) {
        return Create2.computeAddress(_salt(owner, initializer), proxyCodeHash);
    }

    function _baseURI() internal view override returns (string memory) {
        return baseURI;
    }

    /// The message of the deployed registries.
    function _checkOwner() internal view override {
        require(owner() == msg.sender, "Ownable: caller is not the owner");
    }

    function _initializeEntry(address entry, bytes memory initializer) private {
        (bool success,) = entry.call(initializer);
        assert(success);
    }

    function _salt(address owner, bytes memory initializer) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(initializer, owner));
    }

    function _tokenId(address entry) private pure returns (uint256) {
        return uint256(uint160(entry));
    }

    /// ERC-1167: copies calldata, delegates to `implementation`, passes the answer on.
    function _proxyCode(address implementation) private pure returns (bytes memory) {
        return abi.encodePacked(
            hex"3d602d80600a3d3981f3363d3d373d3d3d363d73", implementation, hex"5af43d82803e903d91602b57fd5bf3"
        );
    }
}
