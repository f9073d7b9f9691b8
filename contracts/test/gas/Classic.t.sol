// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {TaskStatus} from "../../src/interfaces/Views.sol";
import {Market} from "../support/Market.sol";
import {Consumer} from "../support/Parties.sol";

/// What each step of the classic cycle costs under the conditions of the published figures: everybody has a deposit,
/// asset orders are long-lived and partly used, requester and scheduler have another deal open, workers are new,
/// params have 68 bytes, results 84.
///
/// Every call of a test is a transaction of its own (isolation): storage and accounts are cold, the 21 000 gas of the
/// transaction and its calldata count, refunds are taken off. `record` notes the last one under a name;
/// contracts.test.ts compares the notes with snapshots/gas.json.
/// forge-config: default.isolate = true
contract ClassicGasTest is Market {
    string internal constant PARAMS = "{\"iexec_args\":\"--frames 240\",\"iexec_result_storage_provider\":\"ipfs\"}";
    bytes internal constant RESULTS =
        "{ \"storage\": \"ipfs\", \"location\": \"/ipfs/QmVZs8kJ5gQ7q6dyiX8wXoHtqEmRP4ohu2jR1abcd\" }";
    uint256 internal constant VOLUME = 1000;

    function setUp() public override {
        super.setUp();
        fund(appOwner, 1e9);
        fund(datasetOwner, 1e9);
        eq(bytes(PARAMS).length, 68, "params");
        eq(RESULTS.length, 84, "results");
        Orders memory o = priced(1, 1);
        o.request.salt = "another deal";
        matchAs(sign(o), requester);
    }

    function test_MatchOrders() public {
        matchAs(sign(priced(8, 1)), requester);
        record("matchOrders");
    }

    function test_MatchOrdersWithDataset() public {
        Orders memory o = draft();
        (o.dataset.datasetprice, o.request.datasetmaxprice) = (500_000, 500_000);
        o.dataset.volume = VOLUME;
        o = conditions(o, 8, 1);
        o.request.salt = "another deal with data set";
        matchAs(sign(o), requester);
        o.request.salt = "r";
        matchAs(sign(o), requester);
        record("matchOrders, data set");
    }

    function test_MatchOrdersByASponsor() public {
        fund(stranger, 100e9);
        Orders memory o = sign(priced(8, 100));
        vm.prank(stranger);
        hub.sponsorMatchOrders(o.app, o.dataset, o.workerpool, o.request);
        record("sponsorMatchOrders, volume 100");
    }

    function test_ThreeWorkers() public {
        bytes32 dealid = matchAs(sign(priced(8, 1)), requester);
        bytes32 taskid = initializeAs(dealid, 0);
        record("initialize");
        string[3] memory nth = ["first", "second", "third"];
        for (uint256 i; i < 3; ++i) {
            contribute(i, taskid, DIGEST);
            record(string.concat("contribute, ", nth[i], " of 3"));
        }
        for (uint256 i; i < 3; ++i) {
            reveal(i, taskid, DIGEST);
            record(string.concat("reveal, ", nth[i], " of 3"));
        }
        finalizeAs(taskid, "");
        record("finalize, 3 workers");
        expectStatus(taskid, TaskStatus.COMPLETED);
    }

    function test_FiveWorkers() public {
        bytes32 taskid = initializeAs(matchAs(sign(priced(32, 1)), requester), 0);
        for (uint256 i; i < 5; ++i) {
            contribute(i, taskid, DIGEST);
        }
        record("contribute, fifth of 5");
        for (uint256 i; i < 5; ++i) {
            reveal(i, taskid, DIGEST);
        }
        record("reveal, fifth of 5");
        finalizeAs(taskid, "");
        record("finalize, 5 workers");
        expectStatus(taskid, TaskStatus.COMPLETED);
    }

    function test_OneWorkerWithCallback() public {
        Orders memory o = priced(1, 1);
        o.request.callback = address(new Consumer());
        bytes32 taskid = initializeAs(matchAs(sign(o), requester), 0);
        bytes32 digest = keccak256(abi.encode(uint256(1)));
        contribute(0, taskid, digest);
        record("contribute, only one");
        reveal(0, taskid, digest);
        finalizeAs(taskid, abi.encode(uint256(1)));
        record("finalize, 1 worker, callback");
        expectStatus(taskid, TaskStatus.COMPLETED);
    }

    function test_ContributeAndFinalize() public {
        bytes32 taskid = initializeAs(matchAs(sign(priced(1, 1)), requester), 0);
        bytes memory permit = authorization(worker(0), taskid, address(0), POOL_KEY);
        vm.prank(worker(0));
        hub.contributeAndFinalize(taskid, DIGEST, RESULTS, "", address(0), "", permit);
        record("contributeAndFinalize");
        expectStatus(taskid, TaskStatus.COMPLETED);
    }

    function test_ClaimAndReopen() public {
        bytes32 taskid = initializeAs(matchAs(sign(priced(4, 1)), requester), 0);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        vm.warp(hub.viewTask(taskid).revealDeadline);
        vm.prank(poolOwner);
        hub.reopen(taskid);
        record("reopen, 2 contributions");
        warpTo(taskid, 10);
        vm.prank(stranger);
        hub.claim(taskid);
        record("claim, 2 contributions");
    }

    function test_Escrow() public {
        give(stranger, 3e9);
        vm.startPrank(stranger);
        token.approve(address(hub), 3e9);
        hub.deposit(1e9);
        record("deposit, first");
        hub.deposit(1e9);
        record("deposit, next");
        hub.withdraw(1e9);
        record("withdraw");
        hub.transfer(requester, 1);
        record("transfer of staked RLC");
    }

    // -- the conditions

    /// Orders without data set at this trust, for so many tasks.
    function priced(uint256 trust, uint256 volume) private view returns (Orders memory) {
        return conditions(withoutDataset(draft()), trust, volume);
    }

    function conditions(Orders memory o, uint256 trust, uint256 volume) private view returns (Orders memory) {
        (o.app.appprice, o.request.appmaxprice) = (1_000_000, 1_000_000);
        (o.workerpool.workerpoolprice, o.request.workerpoolmaxprice) = (100_000_000, 100_000_000);
        (o.app.volume, o.workerpool.volume) = (VOLUME, VOLUME);
        (o.request.trust, o.request.volume) = (trust, volume);
        o.request.params = PARAMS;
        o.request.beneficiary = requester;
        return o;
    }

    function matchAs(Orders memory o, address sender) private returns (bytes32) {
        vm.prank(sender);
        return matchAll(o);
    }

    function initializeAs(bytes32 dealid, uint256 index) private returns (bytes32) {
        vm.prank(poolOwner);
        return hub.initialize(dealid, index);
    }

    function finalizeAs(bytes32 taskid, bytes memory callbackData) private {
        vm.prank(poolOwner);
        hub.finalize(taskid, RESULTS, callbackData);
    }

    function record(string memory name) private {
        vm.snapshotGasLastCall("classic", name);
    }
}
