// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Settings} from "../hub/Settings.sol";

/// EIP-712 domain of all orders: iExecODB 5.0.0 on this chain at this hub.
library Domain {
    bytes32 internal constant TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    string internal constant NAME = "iExecODB";
    string internal constant VERSION = "5.0.0";

    function separator() internal view returns (bytes32) {
        return keccak256(
            abi.encode(TYPEHASH, keccak256(bytes(NAME)), keccak256(bytes(VERSION)), block.chainid, address(this))
        );
    }

    /// Digest under the separator stored by `configure` or `updateDomainSeparator`.
    function digest(bytes32 structHash) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(Settings.load().domainSeparator, structHash);
    }
}
