// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Consensus} from "../../src/classic/Consensus.sol";
import {Kitty} from "../../src/classic/Kitty.sol";
import {Scores} from "../../src/classic/Scores.sol";
import {TaskStatus} from "../../src/interfaces/Views.sol";
import {Scenario} from "../support/Scenario.sol";

/// Trust, scores and the kitty at their edges, the known weaknesses of the classic regime included.
contract TrustTest is Scenario {
    /// Real replication starts at trust 3.
    function test_OneWorkerSatisfiesTrustUpToTwo() public {
        for (uint256 trust; trust < 4; ++trust) {
            uint256 clean = vm.snapshotState();
            bytes32 taskid = startTask(trust);
            contribute(0, taskid, DIGEST);
            expectStatus(taskid, trust < 3 ? TaskStatus.REVEALING : TaskStatus.ACTIVE);
            vm.revertToState(clean);
        }
    }

    /// 2^n trusts n fresh workers, and one more trust one more worker: the comparison is strict.
    function test_FreshWorkersPerTrust() public {
        for (uint256 n = 1; n <= 5; ++n) {
            eq(workersNeeded(2 ** n), n, "a power of two");
            eq(workersNeeded(2 ** n + 1), n + 1, "and one more");
        }
    }

    /// A trust whose product with the odds does not fit panics at the first vote; the task can still be claimed.
    function test_OverflowingTrust() public {
        uint256 fits = type(uint256).max / 3;
        uint256[3] memory trusts = [fits, fits + 2, type(uint256).max];
        for (uint256 i; i < 3; ++i) {
            uint256 clean = vm.snapshotState();
            Orders memory o = draft();
            (o.request.trust, o.workerpool.trust) = (trusts[i], type(uint256).max);
            bytes32 taskid = startTask(o);
            bytes memory permit = authorization(worker(0), taskid, address(0), POOL_KEY);
            bytes32 hash = hashOf(taskid, DIGEST);
            vm.prank(worker(0));
            if (i > 0) expectPanic(0x11);
            hub.contribute(taskid, hash, "seal", address(0), "", permit);
            warpTo(taskid, 10);
            hub.claim(taskid);
            eq(free(requester), 1000e9, "refunded");
            vm.revertToState(clean);
        }
    }

    /// Lowered to two thirds, rounded down: 0, 0, 1, 2, 2, 3, 4 for 0 to 6.
    function test_ScoresAreLoweredByAThird() public pure {
        uint256[7] memory after_ = [uint256(0), 0, 1, 2, 2, 3, 4];
        for (uint256 score; score < 7; ++score) {
            eq(Scores.lowered(score), after_[score], "lowered");
            eq(Scores.raised(score), score + 1, "raised");
        }
    }

    /// The same in tasks: the wrong one of three loses a third of its score, the others gain one.
    function test_ScoresAfterATask() public {
        uint256[5] memory scores = [uint256(0), 1, 2, 3, 4];
        uint256[5] memory after_ = [uint256(0), 0, 1, 2, 2];
        for (uint256 i; i < 5; ++i) {
            uint256 clean = vm.snapshotState();
            setScore(worker(0), scores[i]);
            bytes32 taskid = startTask(3);
            contribute(0, taskid, "wrong");
            for (uint256 w = 1; statusOf(taskid) == TaskStatus.ACTIVE; ++w) {
                contribute(w, taskid, DIGEST);
            }
            for (uint256 w = 1; w <= hub.viewTask(taskid).winnerCounter; ++w) {
                reveal(w, taskid, DIGEST);
            }
            finalize(taskid);
            eq(hub.viewScore(worker(0)), after_[i], "wrong");
            eq(hub.viewScore(worker(1)), 1, "right");
            vm.revertToState(clean);
        }
    }

    /// Weight max(floor(score / 3), 3) - 1; it steps at multiples of three from 12 on, and is seen in the contribution
    /// as floor(log2).
    function test_WeightSteps() public {
        uint256[8] memory scores = [uint256(0), 11, 12, 14, 15, 17, 18, 27];
        uint256[8] memory weights = [uint256(2), 2, 3, 3, 4, 4, 5, 8];
        uint256[8] memory logs = [uint256(1), 1, 1, 1, 2, 2, 2, 3];
        for (uint256 i; i < 8; ++i) {
            eq(Consensus.weight(scores[i]), weights[i], "weight");
            uint256 clean = vm.snapshotState();
            setScore(worker(0), scores[i]);
            bytes32 taskid = startTask(weights[i]);
            contribute(0, taskid, DIGEST);
            expectStatus(taskid, TaskStatus.REVEALING);
            eq(hub.viewContribution(taskid, worker(0)).weight, logs[i], "logarithm");
            vm.revertToState(clean);
            taskid = startTask(weights[i] + 1);
            setScore(worker(0), scores[i]);
            contribute(0, taskid, DIGEST);
            expectStatus(taskid, TaskStatus.ACTIVE);
            vm.revertToState(clean);
        }
    }

    /// A known worker settles alone what fresh workers settle together.
    function test_OneWorkerOfHighScoreDecidesAlone() public {
        setScore(worker(0), 300);
        bytes32 taskid = startTask(99);
        contribute(0, taskid, DIGEST);
        expectStatus(taskid, TaskStatus.REVEALING);
    }

    /// A reopened task that is claimed punishes nobody: neither the rejected workers nor a wrong one.
    function test_ReopenThenClaim() public {
        setScore(worker(0), 60);
        bytes32 taskid = startTask(4);
        contribute(2, taskid, "wrong");
        contribute(0, taskid, DIGEST);
        vm.warp(hub.viewTask(taskid).revealDeadline);
        vm.prank(poolOwner);
        hub.reopen(taskid);
        warpTo(taskid, 10);
        hub.claim(taskid);
        eq(hub.viewScore(worker(0)), 60, "score");
        ok(free(worker(0)) == 100e9 && free(worker(2)) == 100e9, "stakes");
        eq(frozen(Kitty.ADDRESS), POOL_STAKE, "kitty");
        checkBooks();
    }

    /// Known weakness: free deals of a pool with itself draw the kitty, a tenth or 1 RLC at a time.
    function test_FreeDealsDrawTheKitty() public {
        for (uint256 i; i < 4; ++i) {
            missTask(bytes32(i));
        }
        eq(frozen(Kitty.ADDRESS), 4 * POOL_STAKE, "kitty");
        uint256 before = free(poolOwner);
        for (uint256 i; i < 2; ++i) {
            bytes32 taskid = freeTask(bytes32(i), 1);
            bytes memory permit = authorization(worker(0), taskid, address(0), POOL_KEY);
            vm.prank(worker(0));
            hub.contributeAndFinalize(taskid, DIGEST, "", "", address(0), "", permit);
        }
        eq(frozen(Kitty.ADDRESS), 0, "1 RLC, then the rest");
        eq(free(poolOwner), before + 4 * POOL_STAKE, "to the pool that had missed the tasks");
        checkBooks();
    }

    /// Known weakness: so do scores rise, with nothing at stake.
    function test_FreeDealsRaiseScores() public {
        for (uint256 i; i < 3; ++i) {
            agree(freeTask(bytes32(i), 3), 2, "result");
        }
        eq(hub.viewScore(worker(0)), 3, "score");
        eq(free(worker(0)), 100e9, "nothing was paid or staked");
    }

    function missTask(bytes32 salt) private {
        Orders memory o = draft();
        o.request.salt = salt;
        bytes32 taskid = startTask(o);
        warpTo(taskid, 10);
        hub.claim(taskid);
    }

    function freeTask(bytes32 salt, uint256 trust) private returns (bytes32) {
        Orders memory o = gratis();
        (o.request.salt, o.request.trust) = (salt, trust);
        return startTask(o);
    }

    function workersNeeded(uint256 trust) private returns (uint256 count) {
        uint256 clean = vm.snapshotState();
        bytes32 taskid = startTask(trust);
        for (; statusOf(taskid) == TaskStatus.ACTIVE; ++count) {
            contribute(count, taskid, DIGEST);
        }
        vm.revertToState(clean);
    }
}
