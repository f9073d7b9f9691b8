// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRegistry} from "../../src/interfaces/IRegistry.sol";
import {IApp, IDataset, IRegistryEntry, IWorkerpool} from "../../src/interfaces/IRegistryEntry.sol";
import {Contribution, ContributionStatus, Deal, Task} from "../../src/interfaces/Views.sol";
import {IRegistries} from "../support/IHub.sol";
import {Scenario} from "../support/Scenario.sol";

/// Views of the hub, struct and flat forms; and each registry in turn.
contract ViewsTest is Scenario {
    function test_UnknownIdsGiveZeroes() public {
        bytes32 id = keccak256("unknown");
        Deal memory d;
        eq(abi.encode(hub.viewDeal(id)), abi.encode(d), "deal");
        Task memory t;
        eq(abi.encode(hub.viewTask(id)), abi.encode(t), "task");
        Contribution memory c;
        eq(abi.encode(hub.viewContribution(id, stranger)), abi.encode(c), "contribution");
        ok(hub.viewConsumed(id) == 0 && hub.viewPresigned(id) == address(0) && hub.viewScore(stranger) == 0, "numbers");
        expectText("task-pending");
        hub.resultFor(id);
    }

    /// Scores and results before and after a task.
    function test_ScoreAndResultFollowTheTask() public {
        Orders memory o = draft();
        o.request.callback = stranger;
        bytes32 taskid = startTask(o);
        expectText("task-pending");
        hub.resultFor(taskid);
        agree(taskid, 2, "data");
        ok(hub.viewScore(worker(0)) == 1 && hub.viewScore(worker(2)) == 0, "scores");
        eq(hub.resultFor(taskid), "data", "result");
        eq(hub.viewConsumed(digest(hasher.request(o.request))), 1, "consumed");
    }

    function test_NoResultOfAFailedTask() public {
        bytes32 taskid = startTask(4);
        warpTo(taskid, 10);
        hub.claim(taskid);
        expectText("task-pending");
        hub.resultFor(taskid);
    }

    /// Flat views hold the fields of the struct views, in their order.
    function test_FlatViews() public {
        bytes32 taskid = startTask(4);
        agree(taskid, 2, "result");
        Task memory t = hub.viewTask(taskid);
        Deal memory d = hub.viewDeal(t.dealid);
        bytes[3] memory wanted = [
            abi.encode(d.trust, d.tag, d.requester, d.beneficiary, d.callback, d.params),
            abi.encode(d.category, d.startTime, d.botFirst, d.botSize, d.workerStake, d.schedulerRewardRatio),
            flatTask(t)
        ];
        eq(flat(abi.encodeCall(hub.viewDealABILegacy_pt2, (t.dealid))), wanted[0], "deal, part two");
        eq(flat(abi.encodeCall(hub.viewConfigABILegacy, (t.dealid))), wanted[1], "configuration");
        eq(flat(abi.encodeCall(hub.viewTaskABILegacy, (taskid))), wanted[2], "task");
        Contribution memory c = hub.viewContribution(taskid, worker(1));
        ok(c.status == ContributionStatus.PROVED, "proved");
        bytes memory contribution = abi.encode(c.status, c.resultHash, c.resultSeal, c.enclaveChallenge);
        eq(flat(abi.encodeCall(hub.viewContributionABILegacy, (taskid, worker(1)))), contribution, "contribution");
        eq(
            flat(abi.encodeCall(hub.viewAccountABILegacy, (poolOwner))),
            abi.encode(hub.viewAccount(poolOwner)),
            "account"
        );
    }

    // -- registries

    function test_EachRegistryHasAnOwnerAndIsInitializedOnce() public {
        IRegistries[3] memory all = [apps, datasets, workerpools];
        for (uint256 i; i < 3; ++i) {
            IRegistry registry = IRegistry(address(all[i]));
            eq(all[i].owner(), OWNER, "owner");
            ok(registry.initialized() && address(registry.previous()) == address(0), "initialised, no older one");
            ok(!registry.isRegistered(stranger) && !registry.isRegistered(address(0)), "strangers");
            eq(keccak256(registry.proxyCode()), registry.proxyCodeHash(), "proxy code");
            expectText("Ownable: caller is not the owner");
            registry.initialize(address(0));
            expectText("Ownable: caller is not the owner");
            registry.setBaseURI("x");
            expectText("Ownable: caller is not the owner");
            registry.setName(address(0), "x");
            vm.startPrank(OWNER);
            expectEmpty();
            registry.initialize(address(0));
            registry.setBaseURI("x/");
            expectText("Operation not supported on this chain");
            registry.setName(address(0), "x");
            vm.stopPrank();
            eq(registry.baseURI(), "x/", "base");
        }
    }

    function test_EachEntryIsCreatedOnceAndNeverChanges() public {
        expectText("Create2: Failed on deploy");
        apps.createApp(appOwner, "app", "WASI", "/ipfs/app", keccak256("app"), "");
        expectText("Create2: Failed on deploy");
        datasets.createDataset(datasetOwner, "dataset", "/ipfs/dataset", keccak256("dataset"));
        expectText("Create2: Failed on deploy");
        workerpools.createWorkerpool(poolOwner, "pool");
        expectText("already initialized");
        IApp(app).initialize("", "", "", 0, "");
        expectText("already initialized");
        IDataset(dataset).initialize("", "", 0);
        expectText("already initialized");
        IWorkerpool(pool).initialize("");
        address[3] memory entries = [app, dataset, pool];
        address[3] memory owners = [appOwner, datasetOwner, poolOwner];
        for (uint256 i; i < 3; ++i) {
            eq(IRegistryEntry(entries[i]).owner(), owners[i], "owner");
            expectText("caller is not the owner");
            IRegistryEntry(entries[i]).setName(address(0), "x");
            vm.prank(owners[i]);
            expectText("Operation not supported on this chain");
            IRegistryEntry(entries[i]).setName(address(0), "x");
        }
    }

    // -- helpers

    /// Answer of a view as it comes. That of a tuple encodes as its members do.
    function flat(bytes memory input) private view returns (bytes memory answer) {
        bool success;
        (success, answer) = address(hub).staticcall(input);
        ok(success, "view");
    }

    /// The twelve fields in two pieces would move the offsets of the lists, so they are written behind a head by hand.
    function flatTask(Task memory t) private pure returns (bytes memory) {
        bytes memory head = bytes.concat(
            abi.encode(t.status, t.dealid, t.idx, t.timeref, t.contributionDeadline, t.revealDeadline),
            abi.encode(t.finalDeadline, t.consensusValue, t.revealCounter, t.winnerCounter)
        );
        uint256 listLength = 32 + 32 * t.contributors.length;
        bytes memory contributors = abi.encode(t.contributors);
        bytes memory results = abi.encode(t.results);
        return bytes.concat(head, abi.encode(12 * 32, 12 * 32 + listLength), tail(contributors), tail(results));
    }

    /// An encoded dynamic value without its offset.
    function tail(bytes memory encoded) private pure returns (bytes memory rest) {
        rest = new bytes(encoded.length - 32);
        for (uint256 i; i < rest.length; ++i) {
            rest[i] = encoded[i + 32];
        }
    }
}
