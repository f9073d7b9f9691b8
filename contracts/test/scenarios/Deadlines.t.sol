// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {TaskStatus} from "../../src/interfaces/Views.sol";
import {Scenario} from "../support/Scenario.sol";

/// Each deadline to the second: the last second before it and the second itself. T is the unit of the category.
contract DeadlinesTest is Scenario {
    uint256 private constant BEFORE = 1;

    /// Contributions end at start + 7 T, with and without the shortcut.
    function test_ContributionDeadline() public {
        uint256 clean = vm.snapshotState();
        for (uint256 i; i < 4; ++i) {
            bytes32 taskid = startTask(i < 2 ? 4 : 1);
            vm.warp(startOf(taskid) + 7 * T - (i % 2 == 0 ? BEFORE : 0));
            bytes memory permit = authorization(worker(0), taskid, address(0), POOL_KEY);
            vm.prank(worker(0));
            if (i % 2 == 1) expectEmpty();
            if (i < 2) hub.contribute(taskid, hashOf(taskid, DIGEST), "seal", address(0), "", permit);
            else hub.contributeAndFinalize(taskid, DIGEST, "", "", address(0), "", permit);
            vm.revertToState(clean);
        }
    }

    /// A consensus in the last second still has its whole 2 T to reveal, and 1 T more to finalize.
    function test_ConsensusInTheLastSecond() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        vm.warp(startOf(taskid) + 7 * T - BEFORE);
        contribute(1, taskid, DIGEST);
        eq(hub.viewTask(taskid).revealDeadline, startOf(taskid) + 9 * T - BEFORE, "reveal deadline");
        vm.warp(startOf(taskid) + 9 * T - BEFORE - 1);
        reveal(0, taskid, DIGEST);
        vm.warp(startOf(taskid) + 9 * T - BEFORE);
        vm.prank(worker(1));
        expectEmpty();
        hub.reveal(taskid, DIGEST);
        vm.warp(startOf(taskid) + 10 * T - BEFORE);
        finalize(taskid);
    }

    /// Revealing ends where finalizing with a part of the winners, and reopening without any, begin.
    function test_RevealDeadline() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        vm.warp(vm.getBlockTimestamp() + 77);
        contribute(1, taskid, DIGEST);
        uint256 deadline = vm.getBlockTimestamp() + 2 * T;
        uint256 clean = vm.snapshotState();
        vm.warp(deadline - BEFORE);
        refusesReopen(taskid);
        reveal(0, taskid, DIGEST);
        refusesFinalize(taskid);
        vm.warp(deadline);
        finalize(taskid);
        vm.revertToState(clean);
        vm.warp(deadline);
        vm.prank(worker(0));
        expectEmpty();
        hub.reveal(taskid, DIGEST);
        vm.prank(poolOwner);
        hub.reopen(taskid);
    }

    /// Finalizing and reopening end at start + 10 T, where claiming begins.
    function test_FinalDeadline() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        uint256 silent = vm.snapshotState();
        reveal(0, taskid, DIGEST);
        reveal(1, taskid, DIGEST);
        uint256 revealed = vm.snapshotState();
        uint256 end = startOf(taskid) + 10 * T;
        vm.warp(end - BEFORE);
        refusesClaim(taskid);
        finalize(taskid);
        vm.revertToState(revealed);
        vm.warp(end);
        refusesFinalize(taskid);
        hub.claim(taskid);
        vm.revertToState(silent);
        vm.warp(end - BEFORE);
        refusesClaim(taskid);
        vm.prank(poolOwner);
        hub.reopen(taskid);
        vm.warp(end);
        hub.claim(taskid);
        vm.revertToState(silent);
        vm.warp(end);
        refusesReopen(taskid);
        hub.claim(taskid);
    }

    /// The clocks are the deal's: a task that starts late has no more time, and none once they ran out.
    function test_LateInitialization() public {
        bytes32 dealid = matchAll(sign(draft()));
        uint256 start = vm.getBlockTimestamp();
        vm.warp(start + 7 * T - BEFORE);
        bytes32 taskid = hub.initialize(dealid, 0);
        contribute(0, taskid, DIGEST);
        eq(hub.viewTask(taskid).finalDeadline, start + 10 * T, "last deadline");
        vm.warp(start + 10 * T);
        hub.claim(taskid);
    }

    /// Every task can be ended from its last deadline on, whatever happened before: nothing stays locked but the kitty.
    function testFuzz_EveryTaskEnds(uint8 voters, uint8 reveals, bool reopened, uint32 late) public {
        bytes32 taskid = startTask(4);
        uint256 count = voters % 5;
        for (uint256 i; i < count && statusOf(taskid) == TaskStatus.ACTIVE; ++i) {
            contribute(i, taskid, i == 1 && voters > 127 ? bytes32("other") : DIGEST);
        }
        if (statusOf(taskid) == TaskStatus.REVEALING) {
            if (reveals % 2 == 1) reveal(0, taskid, DIGEST);
            vm.warp(hub.viewTask(taskid).revealDeadline);
            if (reopened && reveals % 2 == 0) {
                vm.prank(poolOwner);
                hub.reopen(taskid);
            }
        }
        vm.warp(startOf(taskid) + 10 * T + late);
        hub.claim(taskid);
        expectStatus(taskid, TaskStatus.FAILED);
        eq(free(requester), 1000e9, "refunded");
        for (uint256 i; i < count; ++i) {
            eq(free(worker(i)), 100e9, "stake back");
        }
        eq(allFrozen(), POOL_STAKE, "the kitty alone");
        checkBooks();
    }

    function startOf(bytes32 taskid) private view returns (uint256) {
        return hub.viewDeal(hub.viewTask(taskid).dealid).startTime;
    }

    function refusesReopen(bytes32 taskid) private {
        vm.prank(poolOwner);
        expectEmpty();
        hub.reopen(taskid);
    }

    function refusesFinalize(bytes32 taskid) private {
        vm.prank(poolOwner);
        expectEmpty();
        hub.finalize(taskid, "", "");
    }

    function refusesClaim(bytes32 taskid) private {
        expectEmpty();
        hub.claim(taskid);
    }
}
