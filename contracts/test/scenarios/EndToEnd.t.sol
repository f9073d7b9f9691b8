// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IEscrow} from "../../src/interfaces/IEscrow.sol";
import {ITasks} from "../../src/interfaces/ITasks.sol";
import {ContributionStatus, Deal, TaskStatus} from "../../src/interfaces/Views.sol";
import {Consumer} from "../support/Parties.sol";
import {Scenario} from "../support/Scenario.sol";

/// Whole stories from the orders to the last payment. Balances are compared with the rules written out here.
contract EndToEndTest is Scenario {
    /// One story: who takes part, and how many workers agree after the first one was wrong or not.
    struct Story {
        bool sponsored;
        bool withDataset;
        bool withBeneficiary;
        bool withCallback;
        uint256 volume;
        uint256 trust;
        uint256 agreeing;
        bool firstIsWrong;
    }

    function test_000_1_SponsorBeneficiaryCallbackBagReplication() public {
        play(Story(true, true, true, true, 3, 3, 2, false));
    }

    function test_000_2_WithoutSponsor() public {
        play(Story(false, true, true, true, 3, 3, 2, false));
    }

    function test_000_3_SponsorWithoutReplication() public {
        play(Story(true, true, true, true, 3, 1, 1, false));
    }

    function test_000_4_NeitherSponsorNorReplication() public {
        play(Story(false, true, true, true, 3, 1, 1, false));
    }

    function test_000_5_BareMinimum() public {
        play(Story(false, false, false, false, 1, 0, 1, false));
    }

    /// Trust n² - 1 needs n fresh workers, for n = 2, 3, 4, 5.
    function test_000_6_AsManyWorkersAsTheTrustNeeds() public {
        for (uint256 n = 2; n <= 5; ++n) {
            uint256 clean = vm.snapshotState();
            play(Story(false, true, false, false, 1, n * n - 1, n, false));
            vm.revertToState(clean);
        }
    }

    function test_000_7_TheFirstOfFiveIsWrong() public {
        play(Story(false, true, false, false, 1, 5, 4, true));
    }

    /// Three tasks at trust 4; workers with and without an enclave; the third task has a wrong vote.
    function test_200_BagOfTasksWithMixedWorkers() public {
        Orders memory o = draft();
        o.request.volume = 3;
        bytes32 dealid = matchAll(sign(o));
        bytes32[3] memory tasks;
        for (uint256 i; i < 3; ++i) {
            tasks[i] = hub.initialize(dealid, i);
        }
        contributeFromEnclave(0, tasks[0], DIGEST, POOL_KEY);
        contribute(1, tasks[0], DIGEST);
        contribute(2, tasks[1], DIGEST);
        contributeFromEnclave(3, tasks[1], DIGEST, POOL_KEY);
        contribute(0, tasks[2], "wrong");
        for (uint256 i = 1; i < 5; ++i) {
            expectStatus(tasks[2], TaskStatus.ACTIVE);
            if (i % 2 == 0) contributeFromEnclave(i, tasks[2], DIGEST, POOL_KEY);
            else contribute(i, tasks[2], DIGEST);
        }
        uint256[5] memory locked = [uint256(2), 2, 2, 2, 1];
        for (uint256 i; i < 5; ++i) {
            eq(frozen(worker(i)), locked[i] * POOL_STAKE, "stakes while all three run");
        }
        eq(frozen(poolOwner), 3 * POOL_STAKE, "stake of the pool");
        checkBooks();

        revealAndFinalize(tasks[0], 0, 2);
        revealAndFinalize(tasks[1], 2, 4);
        eq(frozen(requester), APP_PRICE + DATASET_PRICE + POOL_PRICE, "one task is left");
        revealAndFinalize(tasks[2], 1, 5);

        uint256 pair = POOL_PRICE * 99 / 100 / 2;
        uint256 four = (POOL_PRICE + POOL_STAKE) * 99 / 100 / 4;
        uint256[5] memory gains = [pair, pair + four, pair + four, pair + four, four];
        uint256[5] memory scores = [uint256(0), 2, 2, 2, 1];
        for (uint256 i; i < 5; ++i) {
            eq(free(worker(i)), 100e9 + gains[i] - (i == 0 ? POOL_STAKE : 0), "worker");
            eq(hub.viewScore(worker(i)), scores[i], "score");
        }
        uint256 scheduler = 3 * POOL_PRICE + POOL_STAKE - 4 * pair - 4 * four;
        eq(free(poolOwner), 1000e9 + scheduler, "scheduler");
        eq(allFrozen(), 0, "nothing stays locked");
        checkBooks();
    }

    /// One request order of three tasks, filled by two orders of the pool.
    function test_201_TwoPoolOrdersFillOneRequest() public {
        Orders memory o = draft();
        (o.request.volume, o.workerpool.volume) = (3, 1);
        bytes32 first = matchAll(sign(o));
        (o.workerpool.salt, o.workerpool.volume, o.workerpool.workerpoolprice) = ("w2", 10, POOL_PRICE / 2);
        bytes32 second = matchAll(sign(o));
        Deal memory d = hub.viewDeal(second);
        ok(d.botFirst == 1 && d.botSize == 2, "the second deal goes on where the first ends");
        eq(hub.viewConsumed(digest(hasher.request(o.request))), 3, "request used up");
        eq(hub.viewConsumed(digest(hasher.workerpool(o.workerpool))), 2, "pool order used in part");
        agree(hub.initialize(first, 0), 2, DIGESTED);
        agree(hub.initialize(second, 1), 2, DIGESTED);
        agree(hub.initialize(second, 2), 2, DIGESTED);
        uint256 assets = APP_PRICE + DATASET_PRICE;
        eq(free(requester), 1000e9 - 3 * assets - POOL_PRICE - 2 * (POOL_PRICE / 2), "each deal at its own price");
        eq(allFrozen(), 0, "nothing stays locked");
        checkBooks();
    }

    /// The first group agrees and stays silent, is rejected, and pays for it when the second group ends the task.
    function test_300_ReopenedTaskIsEndedByOthers() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        contribute(1, taskid, DIGEST);
        vm.warp(hub.viewTask(taskid).revealDeadline);
        vm.prank(poolOwner);
        hub.reopen(taskid);
        for (uint256 i; i < 2; ++i) {
            bytes memory permit = authorization(worker(i), taskid, address(0), POOL_KEY);
            vm.prank(worker(i));
            expectEmpty();
            hub.contribute(taskid, "again", "seal", address(0), "", permit);
        }
        contribute(2, taskid, DIGEST);
        contribute(3, taskid, DIGEST);
        revealAndFinalize(taskid, 2, 4);
        uint256 share = (POOL_PRICE + 2 * POOL_STAKE) * 99 / 100 / 2;
        for (uint256 i; i < 4; ++i) {
            eq(free(worker(i)), i < 2 ? 100e9 - POOL_STAKE : 100e9 + share, "worker");
            ContributionStatus status = hub.viewContribution(taskid, worker(i)).status;
            ok(status == (i < 2 ? ContributionStatus.REJECTED : ContributionStatus.PROVED), "contribution");
        }
        eq(allFrozen(), 0, "nothing stays locked");
        checkBooks();
    }

    /// A sponsored task with callback, three right workers and a wrong one: every event of the payment, in its order.
    function test_FinalizeTellsEverything() public {
        Consumer consumer = new Consumer();
        fund(stranger, 10e9);
        Orders memory o = draft();
        (o.request.trust, o.request.callback) = (3, address(consumer));
        o = sign(o);
        vm.prank(stranger);
        bytes32 taskid = hub.initialize(matchSponsored(o), 0);
        bytes32 result = keccak256(DIGESTED);
        for (uint256 i; i < 4; ++i) {
            contribute(i, taskid, i == 1 ? bytes32("wrong") : result);
        }
        for (uint256 i; i < 4; ++i) {
            if (i != 1) reveal(i, taskid, result);
        }
        expectPayments(taskid);
        vm.prank(poolOwner);
        hub.finalize(taskid, "/ipfs/result", DIGESTED);
        eq(consumer.data(), DIGESTED, "delivered");
        eq(free(stranger), 10e9 - APP_PRICE - DATASET_PRICE - POOL_PRICE, "the sponsor pays");
        checkBooks();
    }

    /// 99 % of 1.3 RLC among three, the rest for the scheduler.
    function expectPayments(bytes32 taskid) private {
        expectNext();
        emit IEscrow.Seize(stranger, APP_PRICE + DATASET_PRICE + POOL_PRICE, taskid);
        expectReward(appOwner, APP_PRICE, taskid);
        expectReward(datasetOwner, DATASET_PRICE, taskid);
        expectUnlock(poolOwner);
        for (uint256 i; i < 4; ++i) {
            if (i == 1) {
                expectNext();
                emit IEscrow.Seize(worker(i), POOL_STAKE, taskid);
                expectNext();
                emit ITasks.FaultyContribution(worker(i), taskid);
                continue;
            }
            expectUnlock(worker(i));
            expectReward(worker(i), 429_000_000, taskid);
            expectNext();
            emit ITasks.AccurateContribution(worker(i), taskid);
        }
        expectReward(poolOwner, 13_000_000, taskid);
        expectNext();
        emit ITasks.TaskFinalize(taskid, "/ipfs/result");
    }

    function expectReward(address who, uint256 amount, bytes32 taskid) private {
        expectNext();
        emit IERC20.Transfer(address(hub), who, amount);
        expectNext();
        emit IEscrow.Reward(who, amount, taskid);
    }

    function expectUnlock(address who) private {
        expectNext();
        emit IERC20.Transfer(address(hub), who, POOL_STAKE);
        expectNext();
        emit IEscrow.Unlock(who, POOL_STAKE);
    }

    function expectNext() private {
        vm.expectEmit(true, true, true, true, address(hub));
    }

    // -- one story

    bytes internal constant DIGESTED = "on-chain result";

    function play(Story memory s) private {
        Consumer consumer = new Consumer();
        if (s.sponsored) fund(stranger, 1000e9);
        Orders memory o = s.withDataset ? draft() : withoutDataset(draft());
        (o.request.volume, o.request.trust) = (s.volume, s.trust);
        if (s.withBeneficiary) o.request.beneficiary = address(0xBE);
        if (s.withCallback) o.request.callback = address(consumer);
        bytes32 dealid = matchOf(s, sign(o));
        for (uint256 i; i < s.volume; ++i) {
            playTask(s, hub.initialize(dealid, i));
            if (s.withCallback) eq(consumer.data(), DIGESTED, "delivered");
        }
        checkPayments(s);
        checkBooks();
    }

    function matchOf(Story memory s, Orders memory o) private returns (bytes32 dealid) {
        vm.prank(s.sponsored ? stranger : address(this));
        dealid = s.sponsored ? matchSponsored(o) : matchAll(o);
        Deal memory d = hub.viewDeal(dealid);
        eq(d.beneficiary, s.withBeneficiary ? address(0xBE) : address(0), "beneficiary");
        eq(d.sponsor, s.sponsored ? stranger : requester, "sponsor");
        eq(frozen(d.sponsor), s.volume * priceOf(s), "price locked");
        eq(frozen(poolOwner), s.volume * POOL_STAKE, "stake locked");
    }

    function playTask(Story memory s, bytes32 taskid) private {
        uint256 first = s.firstIsWrong ? 1 : 0;
        if (s.firstIsWrong) contribute(0, taskid, "wrong");
        for (uint256 i = first; i < first + s.agreeing; ++i) {
            expectStatus(taskid, TaskStatus.ACTIVE);
            contribute(i, taskid, keccak256(DIGESTED));
        }
        expectStatus(taskid, TaskStatus.REVEALING);
        if (s.firstIsWrong) {
            vm.prank(worker(0));
            expectEmpty();
            hub.reveal(taskid, "wrong");
        }
        for (uint256 i = first; i < first + s.agreeing; ++i) {
            reveal(i, taskid, keccak256(DIGESTED));
        }
        vm.prank(poolOwner);
        hub.finalize(taskid, "/ipfs/result", s.withCallback ? DIGESTED : bytes(""));
        expectStatus(taskid, TaskStatus.COMPLETED);
    }

    /// Fresh workers of one weight share 99 % of the pool's price and of what the wrong one loses; the rest is the scheduler's.
    function checkPayments(Story memory s) private view {
        uint256 first = s.firstIsWrong ? 1 : 0;
        uint256 pot = POOL_PRICE + first * POOL_STAKE;
        uint256 share = pot * 99 / 100 / s.agreeing;
        for (uint256 i = first; i < first + s.agreeing; ++i) {
            eq(free(worker(i)), 100e9 + s.volume * share, "worker");
            eq(hub.viewScore(worker(i)), s.agreeing > 1 ? s.volume : 0, "score");
        }
        if (s.firstIsWrong) eq(free(worker(0)), 100e9 - POOL_STAKE, "the wrong worker loses its stake");
        eq(free(poolOwner), 1000e9 + s.volume * (pot - s.agreeing * share), "scheduler");
        eq(free(appOwner), s.volume * APP_PRICE, "app owner");
        eq(free(datasetOwner), s.withDataset ? s.volume * DATASET_PRICE : 0, "data set owner");
        eq(free(requester), 1000e9 - (s.sponsored ? 0 : s.volume * priceOf(s)), "requester");
        if (s.sponsored) eq(free(stranger), 1000e9 - s.volume * priceOf(s), "sponsor");
        eq(allFrozen(), 0, "nothing stays locked");
    }

    function priceOf(Story memory s) private pure returns (uint256) {
        return APP_PRICE + (s.withDataset ? DATASET_PRICE : 0) + POOL_PRICE;
    }

    function revealAndFinalize(bytes32 taskid, uint256 from, uint256 to) private {
        for (uint256 i = from; i < to; ++i) {
            reveal(i, taskid, DIGEST);
        }
        finalize(taskid);
    }
}
