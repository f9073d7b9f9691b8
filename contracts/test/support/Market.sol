// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Deal, Task, TaskStatus} from "../../src/interfaces/Views.sol";
import {Ledger} from "../../src/escrow/Ledger.sol";
import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "../../src/orders/Orders.sol";
import {Deployment} from "./Deployment.sol";
import {IHasher} from "./IHasher.sol";

/// A market with parties, assets, deposits and ready orders. Keys are small numbers.
abstract contract Market is Deployment {
    struct Orders {
        AppOrder app;
        DatasetOrder dataset;
        WorkerpoolOrder workerpool;
        RequestOrder request;
    }

    uint256 internal constant APP_KEY = 0xA1;
    uint256 internal constant DATASET_KEY = 0xA2;
    uint256 internal constant POOL_KEY = 0xA3;
    uint256 internal constant REQUESTER_KEY = 0xA4;
    uint256 internal constant STRANGER_KEY = 0xA5;
    uint256 internal constant BROKER_KEY = 0xA6;
    uint256 internal constant ENCLAVE_KEY = 0xA7;
    uint256 internal constant WORKER_KEYS = 0xB0;
    uint256 internal constant APP_PRICE = 100;
    uint256 internal constant DATASET_PRICE = 50;
    uint256 internal constant POOL_PRICE = 1_000_000_000;
    uint256 internal constant T = 1200;
    bytes32 internal constant DIGEST = keccak256("result");

    address internal appOwner;
    address internal datasetOwner;
    address internal poolOwner;
    address internal requester;
    address internal stranger;
    address internal app;
    address internal dataset;
    address internal pool;
    IHasher internal hasher;

    function setUp() public virtual {
        deploy();
        hasher = IHasher(vm.deployCode("Hasher.sol:Hasher"));
        appOwner = vm.addr(APP_KEY);
        datasetOwner = vm.addr(DATASET_KEY);
        poolOwner = vm.addr(POOL_KEY);
        requester = vm.addr(REQUESTER_KEY);
        stranger = vm.addr(STRANGER_KEY);
        app = apps.createApp(appOwner, "app", "WASI", "/ipfs/app", keccak256("app"), "");
        dataset = datasets.createDataset(datasetOwner, "dataset", "/ipfs/dataset", keccak256("dataset"));
        pool = workerpools.createWorkerpool(poolOwner, "pool");
        fund(requester, 1000e9);
        fund(poolOwner, 1000e9);
        for (uint256 i; i < 6; ++i) {
            fund(worker(i), 100e9);
        }
    }

    function worker(uint256 i) internal pure returns (address) {
        return vm.addr(WORKER_KEYS + i);
    }

    /// Gives tokens and deposits them.
    function fund(address who, uint256 amount) internal {
        give(who, amount);
        vm.startPrank(who);
        token.approve(address(hub), amount);
        hub.deposit(amount);
        vm.stopPrank();
    }

    function give(address who, uint256 amount) internal {
        vm.prank(TREASURY);
        token.transfer(who, amount);
    }

    // -- orders

    /// Unsigned orders that fit each other: one task of trust 4, priced, with data set.
    function draft() internal view returns (Orders memory o) {
        o.app = AppOrder(app, APP_PRICE, 10, 0, address(0), address(0), address(0), "a", "");
        o.dataset = DatasetOrder(dataset, DATASET_PRICE, 10, 0, address(0), address(0), address(0), "d", "");
        o.workerpool = WorkerpoolOrder(pool, POOL_PRICE, 10, 0, 1, 1000, address(0), address(0), address(0), "w", "");
        o.request = RequestOrder({
            app: app,
            appmaxprice: APP_PRICE,
            dataset: dataset,
            datasetmaxprice: DATASET_PRICE,
            workerpool: address(0),
            workerpoolmaxprice: POOL_PRICE,
            requester: requester,
            volume: 1,
            tag: 0,
            category: 1,
            trust: 4,
            beneficiary: address(0),
            callback: address(0),
            params: "{\"iexec_args\":\"hello\"}",
            salt: "r",
            sign: ""
        });
    }

    function withoutDataset(Orders memory o) internal pure returns (Orders memory) {
        o.dataset = DatasetOrder(address(0), 0, 0, 0, address(0), address(0), address(0), 0, "");
        o.request.dataset = address(0);
        o.request.datasetmaxprice = 0;
        return o;
    }

    function sign(Orders memory o) internal view returns (Orders memory) {
        o.app.sign = signature(APP_KEY, digest(hasher.app(o.app)));
        o.dataset.sign = signature(DATASET_KEY, digest(hasher.dataset(o.dataset)));
        o.workerpool.sign = signature(POOL_KEY, digest(hasher.workerpool(o.workerpool)));
        o.request.sign = signature(REQUESTER_KEY, digest(hasher.request(o.request)));
        return o;
    }

    function digest(bytes32 structHash) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", hub.eip712domain_separator(), structHash));
    }

    function signature(uint256 key, bytes32 hash) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, hash);
        return abi.encodePacked(r, s, v);
    }

    function personal(uint256 key, bytes32 message) internal pure returns (bytes memory) {
        return signature(key, keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", message)));
    }

    function matchAll(Orders memory o) internal returns (bytes32) {
        return hub.matchOrders(o.app, o.dataset, o.workerpool, o.request);
    }

    function matchSponsored(Orders memory o) internal returns (bytes32) {
        return hub.sponsorMatchOrders(o.app, o.dataset, o.workerpool, o.request);
    }

    // -- tasks

    /// A deal of one task at this trust, and the task started.
    function startTask(uint256 trust) internal returns (bytes32 taskid) {
        Orders memory o = draft();
        o.request.trust = trust;
        return startTask(o);
    }

    function startTask(Orders memory o) internal returns (bytes32 taskid) {
        return hub.initialize(matchAll(sign(o)), 0);
    }

    function authorization(address who, bytes32 taskid, address enclave, uint256 key)
        internal
        pure
        returns (bytes memory)
    {
        return personal(key, keccak256(abi.encodePacked(who, taskid, enclave)));
    }

    function contribute(uint256 i, bytes32 taskid, bytes32 result) internal {
        address who = worker(i);
        bytes memory permit = authorization(who, taskid, address(0), POOL_KEY);
        vm.prank(who);
        hub.contribute(taskid, hashOf(taskid, result), sealOf(who, taskid, result), address(0), "", permit);
    }

    function reveal(uint256 i, bytes32 taskid, bytes32 result) internal {
        vm.prank(worker(i));
        hub.reveal(taskid, result);
    }

    function finalize(bytes32 taskid) internal {
        vm.prank(poolOwner);
        hub.finalize(taskid, "/ipfs/result", "");
    }

    function hashOf(bytes32 taskid, bytes32 result) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(taskid, result));
    }

    function sealOf(address who, bytes32 taskid, bytes32 result) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(who, taskid, result));
    }

    function statusOf(bytes32 taskid) internal view returns (TaskStatus) {
        return hub.viewTask(taskid).status;
    }

    function expectStatus(bytes32 taskid, TaskStatus status) internal view {
        eq(uint256(statusOf(taskid)), uint256(status), "task status");
    }

    /// Moves time to `ratio` units of the task's category after the deal's start.
    function warpTo(bytes32 taskid, uint256 ratio) internal {
        Task memory task = hub.viewTask(taskid);
        vm.warp(hub.viewDeal(task.dealid).startTime + ratio * task.timeref);
    }

    /// Scores can only be earned; tests write them where the hub keeps them.
    function setScore(address who, uint256 score) internal {
        bytes32 slot = keccak256(abi.encode(who, uint256(Ledger.SLOT) + 1));
        uint256 money = uint192(uint256(vm.load(address(hub), slot)));
        vm.store(address(hub), slot, bytes32(money | score << 192));
        eq(hub.viewScore(who), score, "score written");
    }

    /// Frozen value of the kitty with the hub's matching balance.
    function free(address who) internal view returns (uint256) {
        return hub.balanceOf(who);
    }

    function frozen(address who) internal view returns (uint256) {
        return hub.frozenOf(who);
    }

    /// The ten restrictions of a match, in the order of their codes (12 to 1b).
    function restrict(Orders memory o, uint256 i, address restriction) internal pure {
        if (i == 0) o.request.workerpool = restriction;
        if (i == 1) o.app.datasetrestrict = restriction;
        if (i == 2) o.app.workerpoolrestrict = restriction;
        if (i == 3) o.app.requesterrestrict = restriction;
        if (i == 4) o.dataset.apprestrict = restriction;
        if (i == 5) o.dataset.workerpoolrestrict = restriction;
        if (i == 6) o.dataset.requesterrestrict = restriction;
        if (i == 7) o.workerpool.apprestrict = restriction;
        if (i == 8) o.workerpool.datasetrestrict = restriction;
        if (i == 9) o.workerpool.requesterrestrict = restriction;
    }

    /// Whom restriction `i` speaks of.
    function candidateOf(uint256 i) internal view returns (address) {
        if (i == 0 || i == 2 || i == 5) return pool;
        if (i == 1 || i == 8) return dataset;
        if (i == 4 || i == 7) return app;
        return requester;
    }
}
