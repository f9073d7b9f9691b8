// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// ERC-721 collection of entries; the token id of an entry is its address as a number. Functions of the owner revert
/// `Ownable: caller is not the owner` for others.
interface IRegistry {
    /// Implementation behind all entries.
    function master() external view returns (address);

    /// Creation code of an entry; its hash gives the CREATE2 address together with the salt.
    function proxyCode() external view returns (bytes memory);

    /// keccak256 of `proxyCode`.
    function proxyCodeHash() external view returns (bytes32);

    /// Older registry whose entries count as registered here; zero: none.
    function previous() external view returns (IRegistry);

    /// Whether {initialize} was called.
    function initialized() external view returns (bool);

    /// Owner only, once (empty revert afterwards). Ends the set-up by naming the older registry.
    function initialize(address _previous) external;

    /// Owner only. The URI of an entry is this text followed by its token id in decimal.
    function setBaseURI(string calldata baseUri) external;

    /// What {setBaseURI} set; empty before.
    function baseURI() external view returns (string memory);

    /// Whether the entry was created here or in an older registry.
    function isRegistered(address _entry) external view returns (bool);

    /// Owner only; always reverts `Operation not supported on this chain`.
    function setName(address ens, string calldata name) external;
}
