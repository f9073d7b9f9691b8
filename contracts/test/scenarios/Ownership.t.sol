// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IWorkerpool} from "../../src/interfaces/IRegistryEntry.sol";
import {Deal, Task} from "../../src/interfaces/Views.sol";
import {
    AppOrderOperation,
    DatasetOrderOperation,
    OrderOperation,
    RequestOrderOperation,
    WorkerpoolOrderOperation
} from "../../src/orders/Orders.sol";
import {IRegistries} from "../support/IHub.sol";
import {ContractAccount, Group} from "../support/Parties.sol";
import {Scenario} from "../support/Scenario.sol";

/// What changes hands or terms between signing, matching and the end of a task; and who counts as a signer at all.
contract OwnershipTest is Scenario {
    /// Orders and presignatures of the former owner are void while somebody else has the asset, and valid again after.
    function test_SoldBetweenSigningAndMatching() public {
        Orders memory o = sign(draft());
        string[3] memory codes = ["21", "31", "41"];
        for (uint256 i; i < 3; ++i) {
            (IRegistries registry, address owner, address entry) = assetOf(i);
            hand(registry, owner, stranger, entry);
            refused(o, codes[i]);
            hand(registry, stranger, owner, entry);
        }
        matchAll(o);
    }

    function test_PresignaturesOfAFormerOwnerAreVoid() public {
        Orders memory o = sign(draft());
        o.app.sign = "";
        vm.prank(appOwner);
        hub.manageAppOrder(AppOrderOperation(o.app, OrderOperation.SIGN, ""));
        hand(apps, appOwner, stranger, app);
        o.app.sign = new bytes(65);
        refused(o, "21");
        hand(apps, stranger, appOwner, app);
        matchAll(o);
    }

    /// A deal pays those who owned the assets at the match, whoever has them when the task ends.
    function test_SoldBetweenMatchingAndFinalizing() public {
        bytes32 taskid = startTask(3);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        for (uint256 i; i < 3; ++i) {
            (IRegistries registry, address owner, address entry) = assetOf(i);
            hand(registry, owner, stranger, entry);
        }
        reveal(0, taskid, DIGEST);
        reveal(1, taskid, DIGEST);
        vm.prank(stranger);
        expectEmpty();
        hub.finalize(taskid, "", "");
        finalize(taskid);
        eq(free(appOwner), APP_PRICE, "app");
        eq(free(datasetOwner), DATASET_PRICE, "data set");
        ok(free(poolOwner) > 1000e9, "pool");
        eq(free(stranger), 0, "the new owner gets nothing of this deal");
    }

    /// The policy is not part of what anybody signed: it is read at the match, and a deal keeps it.
    function test_PolicyChangedBetweenSigningMatchingAndFinalizing() public {
        Orders memory o = sign(draft());
        vm.prank(poolOwner);
        IWorkerpool(pool).changePolicy(50, 20);
        bytes32 dealid = matchAll(o);
        vm.prank(poolOwner);
        IWorkerpool(pool).changePolicy(0, 100);
        agree(hub.initialize(dealid, 0), 2, "result");
        Deal memory d = hub.viewDeal(dealid);
        ok(d.workerStake == POOL_PRICE / 2 && d.schedulerRewardRatio == 20, "terms of the match");
        eq(free(worker(0)), 100e9 + POOL_PRICE * 80 / 100 / 2, "worker");
    }

    /// Categories never change: one that comes in between moves no deadline of a deal.
    function test_CategoryAddedBetweenMatchAndInitialize() public {
        bytes32 dealid = matchAll(sign(draft()));
        vm.startPrank(OWNER);
        hub.createCategory("S again", "", 5);
        vm.stopPrank();
        Task memory t = hub.viewTask(hub.initialize(dealid, 0));
        eq(t.timeref, T, "unit of the category at the match");
        eq(t.finalDeadline, hub.viewDeal(dealid).startTime + 10 * T, "last deadline");
    }

    /// Closing uses up what is left and takes nothing back.
    function test_ClosedAfterPartOfItWasUsed() public {
        for (uint256 i; i < 4; ++i) {
            uint256 clean = vm.snapshotState();
            Orders memory o = draft();
            (o.request.volume, o.workerpool.volume) = i == 2 ? (2, 5) : (5, 2);
            bytes32 dealid = matchAll(sign(o));
            closeOrder(o, i);
            if (i == 2) o.request.salt = "r2";
            else o.workerpool.salt = "w2";
            eq(hub.viewConsumed(hashOfOrder(o, i)), i < 2 ? 10 : 5, "consumed is the volume");
            refused(sign(o), "60");
            agree(hub.initialize(dealid, 1), 2, "result");
            vm.revertToState(clean);
        }
    }

    /// Two deals of one request: each task belongs to one of them, by its index.
    function test_IndexesOfTwoDealsDoNotOverlap() public {
        Orders memory o = draft();
        (o.request.volume, o.workerpool.volume) = (4, 2);
        bytes32 first = matchAll(sign(o));
        o.workerpool.salt = "w2";
        bytes32 second = matchAll(sign(o));
        for (uint256 i; i < 5; ++i) {
            if (i >= 2) expectEmpty();
            hub.initialize(first, i);
            if (i < 2 || i >= 4) expectEmpty();
            hub.initialize(second, i);
        }
    }

    // -- orders without a data set

    /// The order of no data set is not signed, yet its restrictions count, and so do those of the others about it.
    function test_RestrictionsAboutNoDataset() public {
        string[5] memory codes = ["16", "17", "18", "13", "1a"];
        for (uint256 i; i < 5; ++i) {
            Orders memory o = withoutDataset(draft());
            if (i == 0) o.dataset.apprestrict = stranger;
            if (i == 1) o.dataset.workerpoolrestrict = stranger;
            if (i == 2) o.dataset.requesterrestrict = stranger;
            if (i == 3) o.app.datasetrestrict = dataset;
            if (i == 4) o.workerpool.datasetrestrict = dataset;
            refused(sign(o), codes[i]);
        }
        Orders memory fine = withoutDataset(draft());
        fine.app.datasetrestrict = address(new Group(address(0)));
        fine.dataset.requesterrestrict = requester;
        matchAll(sign(fine));
    }

    /// Tag bits of nobody: within what the pool allows they enter the deal, the enclave bit only with the app's.
    function test_TagOfNoDataset() public {
        Orders memory o = withoutDataset(draft());
        o.dataset.tag = bytes32(uint256(0x100));
        refused(sign(o), "06");
        (o.dataset.tag, o.workerpool.tag) = (TEE, TEE);
        refused(sign(o), "07");
        o.app.tag = TEE;
        eq(hub.viewDeal(matchAll(sign(o))).tag, TEE, "tag");
    }

    function test_PriceOfNoDatasetIsComparedButNotPaid() public {
        Orders memory o = withoutDataset(draft());
        o.dataset.datasetprice = DATASET_PRICE;
        refused(sign(o), "04");
        o.request.datasetmaxprice = DATASET_PRICE;
        agree(hub.initialize(matchAll(sign(o)), 0), 2, "result");
        eq(free(requester), 1000e9 - APP_PRICE - POOL_PRICE, "paid");
        eq(free(datasetOwner), 0, "nobody gets it");
    }

    // -- who signs

    function test_SponsoredRequestOfNobody() public {
        fund(stranger, 10e9);
        Orders memory o = sign(draft());
        o.request.requester = address(0);
        bytes[3] memory signs = [abi.encode(uint256(1), uint256(1)), new bytes(65), signature(STRANGER_KEY, "x")];
        for (uint256 i; i < 3; ++i) {
            o.request.sign = signs[i];
            vm.prank(stranger);
            expectText("iExecV5-matchOrders-0x50");
            matchSponsored(o);
        }
    }

    /// An account with an EIP-7702 delegation signs as its delegate says; its key alone counts no more.
    function test_DelegatedRequester() public {
        Orders memory o = sign(draft());
        ContractAccount delegate = new ContractAccount();
        vm.etch(requester, address(delegate).code);
        refused(o, "50");
        ContractAccount(requester).accept(digest(hasher.request(o.request)));
        matchAll(o);
    }

    /// Not malleable: only the low s with v 27 or 28 counts, and the compact form of the same.
    function test_FormsOfASignature() public {
        Orders memory o = sign(draft());
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(REQUESTER_KEY, digest(hasher.request(o.request)));
        bytes32 high = bytes32(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141 - uint256(s));
        o.request.sign = abi.encodePacked(r, high, v == 27 ? uint8(28) : uint8(27));
        refused(o, "50");
        o.request.sign = abi.encodePacked(r, s, v - 27);
        refused(o, "50");
        for (uint256 length; length < 100; length += 33) {
            o.request.sign = new bytes(length);
            expectText("invalid-signature-format");
            matchAll(o);
        }
        o.request.sign = abi.encodePacked(r, bytes32(uint256(s) | uint256(v - 27) << 255));
        matchAll(o);
    }

    /// Who pays is chosen by the call, not by the orders: anybody may match them without a sponsor. A requester that wants
    /// to be sponsored keeps nothing free at the hub.
    function test_SponsoredRequesterWithoutFundsCannotBeMadeToPay() public {
        fund(stranger, 10e9);
        Orders memory o = sign(draft());
        vm.prank(requester);
        hub.withdraw(1000e9);
        vm.prank(worker(0));
        expectText("IexecEscrow: Transfer amount exceeds balance");
        matchAll(o);
        vm.prank(stranger);
        eq(hub.viewDeal(matchSponsored(o)).sponsor, stranger, "sponsor");
    }

    /// Overtaken by a match without a sponsor, the sponsor pays nothing and is told.
    function test_OvertakenSponsorPaysNothing() public {
        fund(stranger, 10e9);
        Orders memory o = sign(draft());
        matchAll(o);
        vm.prank(stranger);
        expectText("iExecV5-matchOrders-0x60");
        matchSponsored(o);
        eq(free(stranger), 10e9, "sponsor");
    }

    // -- helpers

    function assetOf(uint256 i) private view returns (IRegistries registry, address owner, address entry) {
        if (i == 0) return (apps, appOwner, app);
        if (i == 1) return (datasets, datasetOwner, dataset);
        return (workerpools, poolOwner, pool);
    }

    function closeOrder(Orders memory o, uint256 i) private {
        OrderOperation close = OrderOperation.CLOSE;
        address[4] memory owners = [appOwner, datasetOwner, poolOwner, requester];
        vm.prank(owners[i]);
        if (i == 0) hub.manageAppOrder(AppOrderOperation(o.app, close, ""));
        else if (i == 1) hub.manageDatasetOrder(DatasetOrderOperation(o.dataset, close, ""));
        else if (i == 2) hub.manageWorkerpoolOrder(WorkerpoolOrderOperation(o.workerpool, close, ""));
        else hub.manageRequestOrder(RequestOrderOperation(o.request, close, ""));
    }

    function hashOfOrder(Orders memory o, uint256 i) private view returns (bytes32) {
        if (i == 0) return digest(hasher.app(o.app));
        if (i == 1) return digest(hasher.dataset(o.dataset));
        if (i == 2) return digest(hasher.workerpool(o.workerpool));
        return digest(hasher.request(o.request));
    }
}
