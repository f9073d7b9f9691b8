// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

/// Whether an account signed a digest.
library Signatures {
    /// Accounts with code answer through ERC-1271 (any signature length); others sign with ECDSA, in 65 bytes
    /// (r, s, v with v 27 or 28 and low s) or in 64 bytes (EIP-2098). Nobody signs for address zero.
    /// Reverts `invalid-signature-format` for an account without code and another length, and without data when an
    /// account with code answers something that is no `bytes4`; one that reverts did not sign.
    function isSignedBy(bytes32 digest, address account, bytes calldata sign) internal view returns (bool) {
        if (account.code.length > 0) {
            try IERC1271(account).isValidSignature(digest, sign) returns (bytes4 answer) {
                return answer == IERC1271.isValidSignature.selector;
            } catch {
                return false;
            }
        }
        return isSignedByKey(digest, account, sign);
    }

    /// Same for an account that is known to have no code.
    function isSignedByKey(bytes32 digest, address account, bytes calldata sign) internal pure returns (bool) {
        address recovered = _recover(digest, sign);
        return recovered != address(0) && recovered == account;
    }

    /// Whether `sign` has the form of a signature by the account's own key.
    function isByKey(address account, bytes calldata sign) internal view returns (bool) {
        return (sign.length == 65 || sign.length == 64) && account.code.length == 0;
    }

    /// Same for a signature over a message hash with the `personal_sign` prefix.
    function isPersonallySignedBy(bytes32 message, address account, bytes calldata sign) internal view returns (bool) {
        return isSignedBy(MessageHashUtils.toEthSignedMessageHash(message), account, sign);
    }

    function _recover(bytes32 digest, bytes calldata sign) private pure returns (address recovered) {
        if (sign.length == 65) {
            (recovered,,) = ECDSA.tryRecover(digest, uint8(sign[64]), bytes32(sign[:32]), bytes32(sign[32:64]));
        } else if (sign.length == 64) {
            (recovered,,) = ECDSA.tryRecover(digest, bytes32(sign[:32]), bytes32(sign[32:]));
        } else {
            revert("invalid-signature-format");
        }
    }
}
