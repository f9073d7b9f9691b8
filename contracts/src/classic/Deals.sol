// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Blob, MAX_BLOB_SIZE, writeBlob} from "../blobs/Blob.sol";
import {Reader} from "../blobs/Reader.sol";
import {Deal, Resource} from "../interfaces/Views.sol";
import {Classic} from "./Classic.sol";
import {Terms, TermsFormat} from "./Terms.sol";

/// Deals: written once, read at every step of their tasks.
library Deals {
    /// Percent of the pool's price that its owner stakes per task.
    uint256 internal constant WORKERPOOL_STAKE_RATIO = 30;

    /// keccak256(request order hash, volume of the order consumed before the deal).
    function id(bytes32 requestHash, uint256 consumedBefore) internal pure returns (bytes32) {
        return keccak256(abi.encode(requestHash, consumedBefore));
    }

    /// What the pool's owner stakes for one task, in nRLC, rounded down.
    function poolStake(uint256 workerpoolPrice) internal pure returns (uint256) {
        return (workerpoolPrice * WORKERPOOL_STAKE_RATIO) / 100;
    }

    /// What the sponsor pays for one task.
    function taskPrice(Terms memory terms) internal pure returns (uint256) {
        return terms.appPrice + terms.datasetPrice + terms.workerpoolPrice;
    }

    /// Terms and params become one blob; params too long for it go to storage and the blob's are empty.
    function store(Terms memory terms, string calldata params) internal {
        bytes memory packed = TermsFormat.pack(terms, bytes(params));
        if (packed.length > MAX_BLOB_SIZE) {
            Classic.load().longParams[terms.dealid] = params;
            packed = TermsFormat.pack(terms, _none());
        }
        Classic.load().deals[terms.dealid] = writeBlob(packed);
    }

    /// Fills `terms`, which must be new; leaves it zero when the blob is empty.
    function load(Terms memory terms, Blob blob) internal view {
        if (!blob.isEmpty()) TermsFormat.unpack(blob.read(), terms);
    }

    /// Zeroes for an unknown deal.
    function view_(bytes32 dealid) internal view returns (Deal memory out) {
        Blob blob = Classic.load().deals[dealid];
        if (blob.isEmpty()) return out;
        bytes memory packed = blob.read();
        Terms memory t;
        Reader rest = TermsFormat.unpack(packed, t);
        out.app = Resource(t.app, t.appOwner, t.appPrice);
        out.dataset = Resource(t.dataset, t.datasetOwner, t.datasetPrice);
        out.workerpool = Resource(t.workerpool, t.workerpoolOwner, t.workerpoolPrice);
        out.trust = t.trust;
        out.category = t.category;
        out.tag = t.tag;
        out.requester = t.requester;
        out.beneficiary = t.beneficiary;
        out.callback = t.callback;
        out.params = _params(dealid, packed, rest);
        out.startTime = t.startTime;
        out.botFirst = t.botFirst;
        out.botSize = t.botSize;
        out.workerStake = t.workerStake;
        out.schedulerRewardRatio = t.schedulerRewardRatio;
        out.sponsor = t.sponsor;
    }

    function _none() private pure returns (bytes calldata none) {
        return msg.data[:0];
    }

    function _params(bytes32 dealid, bytes memory packed, Reader rest) private view returns (string memory) {
        bytes memory params = rest.takeRest(packed);
        return params.length > 0 ? string(params) : Classic.load().longParams[dealid];
    }
}
