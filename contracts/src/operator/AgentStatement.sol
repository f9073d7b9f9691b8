// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Domain} from "../orders/Domain.sol";
import {OrderHash} from "../orders/OrderHash.sol";

/// What an agent signs: 65 bytes of ECDSA signature, then the statement whose digest was signed. The kinds differ in
/// length, so none is taken for another.
library AgentStatement {
    enum Kind {
        NONE,
        ORDER,
        AUTHORISATION,
        LOGIN
    }

    uint256 internal constant SIGNATURE_BYTES = 65;
    /// Ten words: workerpool, workerpoolprice, volume, tag, category, trust, three restrictions, salt.
    uint256 internal constant ORDER_BYTES = 320;
    /// worker ‖ task ‖ enclave challenge
    uint256 internal constant AUTHORISATION_BYTES = 72;
    /// keccak256 of the market's challenge
    uint256 internal constant LOGIN_BYTES = 32;

    bytes32 internal constant LOGIN_DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId)");
    bytes32 internal constant LOGIN_TYPEHASH = keccak256("Challenge(string challenge)");
    string internal constant LOGIN_NAME = "iExec Gateway";
    string internal constant LOGIN_VERSION = "1";

    /// NONE for any other length.
    function kindOf(bytes calldata signature) internal pure returns (Kind) {
        if (signature.length == SIGNATURE_BYTES + ORDER_BYTES) return Kind.ORDER;
        if (signature.length == SIGNATURE_BYTES + AUTHORISATION_BYTES) return Kind.AUTHORISATION;
        if (signature.length == SIGNATURE_BYTES + LOGIN_BYTES) return Kind.LOGIN;
        return Kind.NONE;
    }

    /// Word `index` of an order; the signature must hold one.
    function word(bytes calldata signature, uint256 index) internal pure returns (uint256) {
        uint256 start = SIGNATURE_BYTES + index * 32;
        return uint256(bytes32(signature[start:start + 32]));
    }

    /// Digest of the statement as the hub (an order, an authorisation) or a market (a login) computes it. The domain of
    /// the hub is that of this chain: after a change of chain id its `updateDomainSeparator` must have been called.
    function digestOf(Kind kind, bytes calldata signature, address hub) internal view returns (bytes32) {
        bytes calldata statement = signature[SIGNATURE_BYTES:];
        if (kind == Kind.ORDER) {
            bytes32 order = keccak256(abi.encodePacked(OrderHash.WORKERPOOL_ORDER_TYPEHASH, statement));
            return MessageHashUtils.toTypedDataHash(_hubDomain(hub), order);
        }
        if (kind == Kind.AUTHORISATION) return MessageHashUtils.toEthSignedMessageHash(keccak256(statement));
        return MessageHashUtils.toTypedDataHash(_loginDomain(), keccak256(abi.encode(LOGIN_TYPEHASH, bytes32(statement))));
    }

    /// Whether the first 65 bytes are a signature of `account`; never for address zero.
    function isSignedBy(bytes calldata signature, bytes32 digest, address account) internal pure returns (bool) {
        (address recovered,,) = ECDSA.tryRecover(
            digest, uint8(signature[64]), bytes32(signature[:32]), bytes32(signature[32:64])
        );
        return recovered != address(0) && recovered == account;
    }

    function _hubDomain(address hub) private view returns (bytes32) {
        return keccak256(
            abi.encode(
                Domain.TYPEHASH, keccak256(bytes(Domain.NAME)), keccak256(bytes(Domain.VERSION)), block.chainid, hub
            )
        );
    }

    function _loginDomain() private view returns (bytes32) {
        return keccak256(
            abi.encode(
                LOGIN_DOMAIN_TYPEHASH, keccak256(bytes(LOGIN_NAME)), keccak256(bytes(LOGIN_VERSION)), block.chainid
            )
        );
    }
}
