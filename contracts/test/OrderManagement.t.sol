// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOrderManagement} from "../src/interfaces/IOrderManagement.sol";
import {
    AppOrderOperation,
    DatasetOrderOperation,
    OrderOperation,
    RequestOrderOperation,
    WorkerpoolOrderOperation
} from "../src/orders/Orders.sol";
import {OrderHash} from "../src/orders/OrderHash.sol";
import {Market} from "./support/Market.sol";

contract OrderManagementTest is Market {
    bytes internal constant NONE = "";

    function test_OwnerPresigns() public {
        Orders memory o = draft();
        bytes32[4] memory hashes = hashesOf(o);
        expectNext();
        emit IOrderManagement.SignedAppOrder(hashes[0]);
        manageAll(o, OrderOperation.SIGN, true);
        eq(hub.viewPresigned(hashes[0]), appOwner, "app");
        eq(hub.viewPresigned(hashes[1]), datasetOwner, "dataset");
        eq(hub.viewPresigned(hashes[2]), poolOwner, "pool");
        eq(hub.viewPresigned(hashes[3]), requester, "request");
        ok(hub.verifyPresignature(requester, hashes[3]), "view");
        ok(hub.verifyPresignatureOrSignature(requester, hashes[3], ""), "view, no format needed");
        ok(!hub.verifyPresignature(stranger, hashes[3]), "another account");
        ok(!hub.verifyPresignature(address(0), keccak256("unknown")), "unknown hash");
        matchAll(o);
    }

    function test_OwnerCloses() public {
        Orders memory o = draft();
        o.request.volume = 4;
        o.workerpool.volume = 1;
        matchAll(sign(o));
        bytes32[4] memory hashes = hashesOf(o);
        expectNext();
        emit IOrderManagement.ClosedAppOrder(hashes[0]);
        manageAll(o, OrderOperation.CLOSE, true);
        manageAll(o, OrderOperation.CLOSE, true);
        eq(hub.viewConsumed(hashes[0]), o.app.volume, "app");
        eq(hub.viewConsumed(hashes[1]), o.dataset.volume, "dataset");
        eq(hub.viewConsumed(hashes[2]), o.workerpool.volume, "pool");
        eq(hub.viewConsumed(hashes[3]), 4, "request");
        expectText("iExecV5-matchOrders-0x60");
        matchAll(o);
    }

    function test_SignedOperationBySomebodyElse() public {
        Orders memory o = draft();
        manageAll(o, OrderOperation.SIGN, false);
        manageAll(o, OrderOperation.CLOSE, false);
        bytes32[4] memory hashes = hashesOf(o);
        eq(hub.viewPresigned(hashes[2]), poolOwner, "closing keeps the signature");
        eq(hub.viewConsumed(hashes[2]), 10, "closed");
    }

    function test_StrangersAreRefused() public {
        Orders memory o = draft();
        bytes memory wrong = signature(STRANGER_KEY, "x");
        expectText("invalid-sender-or-signature");
        hub.manageAppOrder(AppOrderOperation(o.app, OrderOperation.CLOSE, wrong));
        expectText("invalid-sender-or-signature");
        hub.manageDatasetOrder(DatasetOrderOperation(o.dataset, OrderOperation.CLOSE, wrong));
        expectText("invalid-sender-or-signature");
        hub.manageWorkerpoolOrder(WorkerpoolOrderOperation(o.workerpool, OrderOperation.SIGN, wrong));
        expectText("invalid-sender-or-signature");
        hub.manageRequestOrder(RequestOrderOperation(o.request, OrderOperation.SIGN, wrong));
        expectText("invalid-signature-format");
        hub.manageRequestOrder(RequestOrderOperation(o.request, OrderOperation.SIGN, NONE));
    }

    function test_PresignatureIsNoPermission() public {
        Orders memory o = draft();
        manageAll(o, OrderOperation.SIGN, true);
        expectText("invalid-signature-format");
        hub.manageRequestOrder(RequestOrderOperation(o.request, OrderOperation.CLOSE, NONE));
    }

    function test_UnknownOperationIsRefused() public {
        Orders memory o = draft();
        bytes memory data =
            abi.encodeCall(hub.manageRequestOrder, (RequestOrderOperation(o.request, OrderOperation.CLOSE, NONE)));
        data[4 + 32 + 63] = 0x02;
        vm.startPrank(requester);
        (bool success,) = address(hub).call(data);
        ok(!success, "operation 2");
    }

    function manageAll(Orders memory o, OrderOperation op, bool byOwner) private {
        bytes memory none;
        AppOrderOperation memory a = AppOrderOperation(o.app, op, none);
        DatasetOrderOperation memory d = DatasetOrderOperation(o.dataset, op, none);
        WorkerpoolOrderOperation memory w = WorkerpoolOrderOperation(o.workerpool, op, none);
        RequestOrderOperation memory r = RequestOrderOperation(o.request, op, none);
        if (!byOwner) {
            a.sign = operation(APP_KEY, OrderHash.APP_OPERATION_TYPEHASH, hasher.app(o.app), op);
            d.sign = operation(DATASET_KEY, OrderHash.DATASET_OPERATION_TYPEHASH, hasher.dataset(o.dataset), op);
            w.sign = operation(POOL_KEY, OrderHash.WORKERPOOL_OPERATION_TYPEHASH, hasher.workerpool(o.workerpool), op);
            r.sign = operation(REQUESTER_KEY, OrderHash.REQUEST_OPERATION_TYPEHASH, hasher.request(o.request), op);
        }
        vm.prank(byOwner ? appOwner : stranger);
        hub.manageAppOrder(a);
        vm.prank(byOwner ? datasetOwner : stranger);
        hub.manageDatasetOrder(d);
        vm.prank(byOwner ? poolOwner : stranger);
        hub.manageWorkerpoolOrder(w);
        vm.prank(byOwner ? requester : stranger);
        hub.manageRequestOrder(r);
    }

    function operation(uint256 key, bytes32 typeHash, bytes32 orderHash, OrderOperation op)
        private
        view
        returns (bytes memory)
    {
        return signature(key, digest(keccak256(abi.encode(typeHash, orderHash, op))));
    }

    function hashesOf(Orders memory o) private view returns (bytes32[4] memory) {
        return [
            digest(hasher.app(o.app)),
            digest(hasher.dataset(o.dataset)),
            digest(hasher.workerpool(o.workerpool)),
            digest(hasher.request(o.request))
        ];
    }

    function expectNext() private {
        vm.expectEmit(true, true, true, true, address(hub));
    }
}
