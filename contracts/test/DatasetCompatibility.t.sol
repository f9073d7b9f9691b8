// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IMatching} from "../src/interfaces/IMatching.sol";
import {DatasetOrder, DatasetOrderOperation, OrderOperation} from "../src/orders/Orders.sol";
import {Market} from "./support/Market.sol";
import {Group} from "./support/Parties.sol";

/// Use of a data set order with a deal that was made without a data set.
contract DatasetCompatibilityTest is Market {
    bytes32 internal dealid;

    function setUp() public override {
        super.setUp();
        Orders memory o = withoutDataset(draft());
        bytes32 tee = bytes32(uint256(9));
        (o.app.tag, o.request.tag, o.workerpool.tag) = (tee, tee, tee);
        dealid = matchAll(sign(o));
    }

    function test_Compatible() public {
        DatasetOrder memory d = draft().dataset;
        hub.assertDatasetDealCompatibility(signed(d), dealid);
        d.apprestrict = app;
        d.workerpoolrestrict = address(new Group(pool));
        d.requesterrestrict = requester;
        d.datasetprice = type(uint256).max;
        for (uint256 tag; tag < 16; ++tag) {
            d.tag = bytes32(tag);
            hub.assertDatasetDealCompatibility(signed(d), dealid);
        }
    }

    function test_Reasons() public {
        DatasetOrder memory d = draft().dataset;
        bytes32 deal = dealid;
        fails(signed(d), keccak256("unknown"), "Deal not found");
        d.sign = signature(STRANGER_KEY, digest(hasher.dataset(d)));
        fails(d, deal, "Invalid dataset order signature");
        d.apprestrict = stranger;
        fails(signed(d), deal, "App restriction not satisfied");
        (d.apprestrict, d.workerpoolrestrict) = (address(0), stranger);
        fails(signed(d), deal, "Workerpool restriction not satisfied");
        (d.workerpoolrestrict, d.requesterrestrict) = (address(0), stranger);
        fails(signed(d), deal, "Requester restriction not satisfied");
        d.requesterrestrict = address(0);
        d.tag = bytes32(uint256(0x10));
        fails(signed(d), deal, "Tag compatibility not satisfied");
        d.volume = 0;
        fails(d, deal, "Dataset order is revoked or fully consumed");
    }

    function test_ClosedOrder() public {
        DatasetOrder memory d = draft().dataset;
        vm.prank(datasetOwner);
        hub.manageDatasetOrder(DatasetOrderOperation(d, OrderOperation.CLOSE, ""));
        fails(signed(d), dealid, "Dataset order is revoked or fully consumed");
    }

    function test_DealWithADataset() public {
        Orders memory o = draft();
        o.request.salt = "other";
        bytes32 other = matchAll(sign(o));
        fails(signed(o.dataset), other, "Deal already has a dataset");
    }

    function signed(DatasetOrder memory d) private view returns (DatasetOrder memory) {
        d.sign = signature(DATASET_KEY, digest(hasher.dataset(d)));
        return d;
    }

    function fails(DatasetOrder memory d, bytes32 deal, string memory reason) private {
        vm.expectRevert(abi.encodeWithSelector(IMatching.IncompatibleDatasetOrder.selector, reason));
        hub.assertDatasetDealCompatibility(d, deal);
    }
}
