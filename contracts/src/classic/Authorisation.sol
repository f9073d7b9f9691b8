// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Settings} from "../hub/Settings.sol";
import {Signatures} from "../orders/Signatures.sol";
import {Tags} from "../orders/Tags.sol";
import {Terms} from "./Terms.sol";

/// Who may contribute to a task: workers vouched for by the scheduler or, with an enclave, by the TEE broker.
library Authorisation {
    using Signatures for bytes32;

    /// A deal with the TEE tag needs an enclave. Empty revert.
    function checkEnclavePresent(Terms memory deal, address enclaveChallenge) internal pure {
        require(enclaveChallenge != address(0) || !Tags.needsTee(deal.tag));
    }

    /// Signature over keccak256(caller, task, enclave) by the broker if there is one and an enclave takes part, else by
    /// the pool's owner at match. Empty revert.
    function checkWorker(Terms memory deal, bytes32 taskid, address enclaveChallenge, bytes calldata sign)
        internal
        view
    {
        address signer = enclaveChallenge == address(0) ? address(0) : Settings.load().teeBroker;
        if (signer == address(0)) signer = deal.workerpoolOwner;
        bytes32 message = keccak256(abi.encodePacked(msg.sender, taskid, enclaveChallenge));
        require(message.isPersonallySignedBy(signer, sign));
    }

    /// Signature of the enclave, if one takes part, over keccak256(result hash, result seal). Empty revert.
    function checkEnclave(bytes32 resultHash, bytes32 resultSeal, address enclaveChallenge, bytes calldata sign)
        internal
        view
    {
        if (enclaveChallenge == address(0)) return;
        bytes32 message = keccak256(abi.encodePacked(resultHash, resultSeal));
        require(message.isPersonallySignedBy(enclaveChallenge, sign));
    }
}
