// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Deal, Resource} from "../interfaces/Views.sol";

/// Terms of a deal as stored, grouped by who reads them together.
/// A price fits 96 bits because it was locked out of a supply below 2^96 nRLC.
struct DealRecord {
    // slot 0: read by every contribution
    address workerpoolOwner;
    uint96 workerStake;
    // slot 1, 2
    bytes32 tag;
    uint256 trust;
    // slot 3: read by every settlement
    address appOwner;
    uint96 appPrice;
    // slot 4
    address datasetOwner;
    uint96 datasetPrice;
    // slot 5
    address sponsor;
    uint96 workerpoolPrice;
    // slot 6: read at initialize
    address workerpool;
    uint40 startTime;
    uint32 category;
    uint8 schedulerRewardRatio;
    // slot 7, 8
    uint256 botFirst;
    uint256 botSize;
    // slot 9 on
    address callback;
    address app;
    address dataset;
    address requester;
    address beneficiary;
    string params;
}

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
    function taskPrice(DealRecord storage deal) internal view returns (uint256) {
        return uint256(deal.appPrice) + deal.datasetPrice + deal.workerpoolPrice;
    }

    function view_(DealRecord storage deal) internal view returns (Deal memory out) {
        out.app = Resource(deal.app, deal.appOwner, deal.appPrice);
        out.dataset = Resource(deal.dataset, deal.datasetOwner, deal.datasetPrice);
        out.workerpool = Resource(deal.workerpool, deal.workerpoolOwner, deal.workerpoolPrice);
        out.trust = deal.trust;
        out.category = deal.category;
        out.tag = deal.tag;
        out.requester = deal.requester;
        out.beneficiary = deal.beneficiary;
        out.callback = deal.callback;
        out.params = deal.params;
        out.startTime = deal.startTime;
        out.botFirst = deal.botFirst;
        out.botSize = deal.botSize;
        out.workerStake = deal.workerStake;
        out.schedulerRewardRatio = deal.schedulerRewardRatio;
        out.sponsor = deal.sponsor;
    }
}
