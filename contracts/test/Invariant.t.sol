// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Consensus} from "../src/classic/Consensus.sol";
import {Kitty} from "../src/classic/Kitty.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {Contribution, ContributionStatus, Deal, Task, TaskStatus} from "../src/interfaces/Views.sol";
import {Market} from "./support/Market.sol";
import {Vm} from "./support/Vm.sol";

/// Plays a market at random: deals, votes for two values, reveals, reopenings, endings, time, money in, out and across.
/// Rules may refuse a step; the handler ignores refusals, counts what was accepted, and keeps a ledger of its own:
/// what the events of the escrow say, and how each task ended.
contract MarketHandler is Market {
    enum Step {
        DEAL,
        SPONSORED_DEAL,
        VOTE,
        VOTE_AND_END,
        REVEAL,
        FINALIZE,
        REOPEN,
        CLAIM,
        MOVE,
        TAKE_OUT,
        PUT_IN
    }

    /// Those who can hold value: five owners and payers, six workers, the kitty.
    address[] internal everybody;
    bytes32[] public tasks;
    bytes32[] internal orderHashes;
    uint256[] internal orderVolumes;
    uint256 internal nextSalt;
    mapping(bytes32 taskid => uint256) public endings;
    mapping(bytes32 taskid => TaskStatus) public lastStatus;
    /// Steps that were accepted, and steps in all.
    mapping(Step step => uint256) public accepted;
    uint256 public made;
    /// Deposits less withdrawals, and what the events say is set aside, nRLC.
    uint256 internal ghostSupply;
    mapping(address owner => uint256) internal ghostLocked;
    /// Odds of each vote, as the score was then.
    mapping(bytes32 taskid => mapping(address worker => uint256)) internal ghostOdds;
    /// Laws that are looked at when something happens; each stays true once it was broken.
    bool public wentBackwards;
    bool public tookMoreThanLocked;
    bool public paidWrongly;
    bool public honestLost;

    function setUp() public override {
        super.setUp();
        fund(stranger, 1000e9);
        everybody = [appOwner, datasetOwner, poolOwner, requester, stranger];
        for (uint256 i; i < 6; ++i) {
            everybody.push(worker(i));
        }
        everybody.push(Kitty.ADDRESS);
        ghostSupply = hub.totalSupply();
    }

    /// Counts the step and books the events of the escrow.
    modifier booked() {
        ++made;
        vm.recordLogs();
        _;
        book(vm.getRecordedLogs());
    }

    function makeDeal(uint256 trust, uint256 volume, uint256 price, uint256 stop, bool sponsored) external booked {
        deal(trust % 4 == 0 ? 1 : bound(trust, 0, 9), volume, price, stop, sponsored);
    }

    /// A deal and its tasks, or nothing when it is refused.
    function deal(uint256 trust, uint256 volume, uint256 price, uint256 stop, bool sponsored) private {
        Orders memory o = draft();
        o.request.trust = trust;
        o.request.volume = bound(volume, 1, 3);
        o.workerpool.workerpoolprice = o.request.workerpoolmaxprice = bound(price, 0, 3e9);
        o.workerpool.volume = bound(stop, 1, 3);
        // App and data set orders serve several deals, until they are used up.
        (o.app.salt, o.dataset.salt) = (bytes32(nextSalt / 4), bytes32(nextSalt / 4));
        (o.workerpool.salt, o.request.salt) = (bytes32(nextSalt), bytes32(nextSalt++));
        o = sign(o);
        bytes32 dealid = matchAs(o, sponsored);
        if (dealid == 0) return;
        ++accepted[sponsored ? Step.SPONSORED_DEAL : Step.DEAL];
        watch(hasher.app(o.app), o.app.volume);
        watch(hasher.dataset(o.dataset), o.dataset.volume);
        watch(hasher.workerpool(o.workerpool), o.workerpool.volume);
        watch(hasher.request(o.request), o.request.volume);
        uint256 size = hub.viewDeal(dealid).botSize;
        for (uint256 i; i < size; ++i) {
            tasks.push(hub.initialize(dealid, i));
            lastStatus[tasks[tasks.length - 1]] = TaskStatus.ACTIVE;
        }
    }

    function vote(uint256 t, uint256 w, bool honest) external booked {
        if (tasks.length == 0) return;
        voteFor(pick(t), w, honest);
    }

    function voteAndEnd(uint256 t, uint256 w) external booked {
        if (tasks.length == 0) return;
        bytes32 taskid = pickOrMake(Need.FRESH, t);
        address who = everybody[5 + w % 6];
        bytes memory permit = authorization(who, taskid, address(0), POOL_KEY);
        Purse memory before = purseOf(taskid);
        vm.prank(who);
        try hub.contributeAndFinalize(taskid, DIGEST, "", "", address(0), "", permit) {
            ++accepted[Step.VOTE_AND_END];
            ended(taskid, before, true);
        } catch {}
        note(taskid);
    }

    function open(uint256 t, uint256 w, bool honest) external booked {
        if (tasks.length == 0) return;
        reveal(t % 4 == 0 ? pick(t) : pickFor(Need.REVEALING, t), w, honest);
    }

    /// Four workers vote, most of them honestly; then, three times in four, most of them reveal.
    function work(uint256 t, uint8 choices, uint8 reveals) external booked {
        if (tasks.length == 0) return;
        bytes32 taskid = t % 4 == 0 ? pick(t) : pickFor(Need.OPEN, t);
        for (uint256 w; w < 4; ++w) {
            voteFor(taskid, w, choices >> (2 * w) & 3 != 0);
        }
        if (reveals < 64) return;
        for (uint256 w; w < 4; ++w) {
            if (reveals >> (2 * w) & 3 != 0) reveal(taskid, w, choices >> (2 * w) & 3 != 0);
        }
    }

    function end(uint256 t) external booked {
        if (tasks.length == 0) return;
        bytes32 taskid = pickOrMake(Need.REVEALED, t);
        Purse memory before = purseOf(taskid);
        vm.prank(poolOwner);
        try hub.finalize(taskid, "", "") {
            ++accepted[Step.FINALIZE];
            ended(taskid, before, true);
        } catch {}
        note(taskid);
    }

    /// Half of the time, waits for the reveal deadline before.
    function reopen(uint256 t, bool waits) external booked {
        if (tasks.length == 0) return;
        bytes32 taskid = pickOrMake(Need.SILENT, t);
        uint256 deadline = hub.viewTask(taskid).revealDeadline;
        if (waits && deadline > vm.getBlockTimestamp()) vm.warp(deadline);
        TaskStatus before = statusOf(taskid);
        vm.prank(poolOwner);
        try hub.reopen(taskid) {
            ++accepted[Step.REOPEN];
            if (before != TaskStatus.REVEALING || statusOf(taskid) != TaskStatus.ACTIVE) wentBackwards = true;
            lastStatus[taskid] = TaskStatus.ACTIVE;
        } catch {}
        note(taskid);
    }

    /// Any task, or three times in four the next that is overdue; once in sixteen after waiting for its last deadline.
    function claim(uint256 t, uint8 waits) external booked {
        if (tasks.length == 0) return;
        bytes32 taskid = t % 4 == 0 ? tasks[t % tasks.length] : overdue(t);
        uint256 deadline = hub.viewTask(taskid).finalDeadline;
        if (waits < 16 && deadline > vm.getBlockTimestamp()) vm.warp(deadline);
        Purse memory before = purseOf(taskid);
        try hub.claim(taskid) {
            ++accepted[Step.CLAIM];
            ended(taskid, before, false);
        } catch {}
        note(taskid);
    }

    function wait_(uint256 seconds_) external booked {
        // Mostly within a task's life, one time in twelve past its end.
        vm.warp(vm.getBlockTimestamp() + (seconds_ % 12 == 0 ? 10 * T : bound(seconds_, 1, T)));
    }

    function move(uint256 from, uint256 to, uint256 amount) external booked {
        vm.prank(everybody[from % 11]);
        try hub.transfer(everybody[to % 11], amount % 1e9) {
            ++accepted[Step.MOVE];
        } catch {}
    }

    function takeOut(uint256 who, uint256 amount) external booked {
        amount %= 1e9;
        vm.prank(everybody[who % 11]);
        try hub.withdraw(amount) {
            ++accepted[Step.TAKE_OUT];
            ghostSupply -= amount;
        } catch {}
    }

    /// Mostly by somebody who has tokens, which are those that were taken out.
    function putIn(uint256 who, uint256 amount) external booked {
        if (who % 4 != 0) {
            for (uint256 i; i < 11 && token.balanceOf(everybody[who % 11]) < 1e9; ++i) {
                who = who % 11 + 1;
            }
        }
        address owner = everybody[who % 11];
        amount %= 1e9;
        vm.prank(owner);
        token.approve(address(hub), amount);
        vm.prank(owner);
        try hub.deposit(amount) {
            ++accepted[Step.PUT_IN];
            ghostSupply += amount;
        } catch {}
    }

    // -- laws

    function checkMoney() external view {
        uint256 frozenSum;
        uint256 balances = hub.balanceOf(address(hub));
        address[] memory all = everybody;
        for (uint256 i; i < all.length; ++i) {
            balances += hub.balanceOf(all[i]);
            frozenSum += hub.frozenOf(all[i]);
            eq(hub.frozenOf(all[i]), ghostLocked[all[i]], "what the events say is locked is locked");
        }
        eq(balances, hub.totalSupply(), "free, locked and kitty make the supply");
        eq(hub.totalSupply(), ghostSupply, "the supply is what came in and did not go out");
        eq(token.balanceOf(address(hub)), hub.totalSupply(), "tokens back the supply");
        eq(hub.balanceOf(address(hub)), frozenSum, "the hub holds what is frozen");
        ok(!tookMoreThanLocked, "nobody is seized or unlocked for more than was locked");
    }

    /// @param latest how many of the latest tasks are looked at
    function checkTasks(uint256 latest) external view {
        for (uint256 i = startOf(tasks.length, latest); i < tasks.length; ++i) {
            Task memory t = hub.viewTask(tasks[i]);
            bool over = t.status == TaskStatus.COMPLETED || t.status == TaskStatus.FAILED;
            eq(endings[tasks[i]], over ? 1 : 0, "a task ends once");
            ok(t.revealCounter <= t.winnerCounter, "no more reveals than winners");
            ok(t.winnerCounter <= t.contributors.length, "no more winners than workers");
        }
        ok(!wentBackwards, "status only moves forward except by reopening");
        ok(!paidWrongly, "a task is paid when it completes, refunded when it fails, never both");
        ok(!honestLost, "no honest worker loses its stake unless the lie outweighs the truth");
    }

    /// @param latest how many of the latest orders are looked at
    function checkVolumes(uint256 latest) external view {
        for (uint256 i = startOf(orderHashes.length, latest); i < orderHashes.length; ++i) {
            ok(hub.viewConsumed(orderHashes[i]) <= orderVolumes[i], "consumed within volume");
        }
    }

    /// After the last deadline everything can be claimed and taken out; nothing stays but the kitty.
    function checkNothingIsStuck() external booked {
        vm.warp(vm.getBlockTimestamp() + 20 * T);
        for (uint256 i; i < tasks.length; ++i) {
            Purse memory before = purseOf(tasks[i]);
            try hub.claim(tasks[i]) {
                ended(tasks[i], before, false);
            } catch {}
        }
        address[] memory all = everybody;
        for (uint256 i; i < 11; ++i) {
            eq(hub.frozenOf(all[i]), 0, "nothing stays locked");
            uint256 rest = hub.balanceOf(all[i]);
            vm.prank(all[i]);
            hub.withdraw(rest);
            ghostSupply -= rest;
        }
        eq(hub.totalSupply(), hub.frozenOf(Kitty.ADDRESS), "only the kitty is left");
    }

    /// A long history must have done everything, or its laws say nothing.
    function checkReached() external view {
        if (made < 500) return;
        for (uint256 step; step <= uint256(type(Step).max); ++step) {
            ok(accepted[Step(step)] >= 3, string.concat("too seldom accepted: step ", vm.toString(step)));
        }
    }

    // -- bookkeeping

    /// What the payer of a task has, and what the task costs.
    struct Purse {
        address payer;
        uint256 price;
        uint256 free;
        uint256 locked;
    }

    function purseOf(bytes32 taskid) private view returns (Purse memory purse) {
        Deal memory deal = hub.viewDeal(hub.viewTask(taskid).dealid);
        purse.payer = deal.sponsor;
        purse.price = deal.app.price + deal.dataset.price + deal.workerpool.price;
        (purse.free, purse.locked) = (free(purse.payer), frozen(purse.payer));
    }

    /// Paid: the price is gone. Refunded: it is free again. Payers are neither workers nor owners here.
    function ended(bytes32 taskid, Purse memory before, bool paid) private {
        ++endings[taskid];
        if (frozen(before.payer) != before.locked - before.price) paidWrongly = true;
        if (free(before.payer) != before.free + (paid ? 0 : before.price)) paidWrongly = true;
    }

    function book(Vm.Log[] memory logs) private {
        for (uint256 i; i < logs.length; ++i) {
            bytes32 topic = logs[i].topics[0];
            bool more = topic == IEscrow.Lock.selector;
            bool seized = topic == IEscrow.Seize.selector;
            if (logs[i].emitter != address(hub) || !(more || seized || topic == IEscrow.Unlock.selector)) continue;
            (address owner, uint256 amount) = abi.decode(logs[i].data, (address, uint256));
            if (more) {
                ghostLocked[owner] += amount;
                continue;
            }
            if (amount > ghostLocked[owner]) tookMoreThanLocked = true;
            else ghostLocked[owner] -= amount;
            if (seized) judge(owner, abi.decode(logs[i].data, (Seizure)).taskid);
        }
    }

    struct Seizure {
        address owner;
        uint256 amount;
        bytes32 taskid;
    }

    /// Honest: voted for the truth, and revealed it when it was asked to.
    function judge(address owner, bytes32 taskid) private {
        Contribution memory own = hub.viewContribution(taskid, owner);
        bytes32 truth = hashOf(taskid, DIGEST);
        bool asked = hub.viewTask(taskid).consensusValue == truth || own.status == ContributionStatus.REJECTED;
        if (own.resultHash != truth || (asked && own.status != ContributionStatus.PROVED)) return;
        if (weightOf(taskid, truth, true) >= weightOf(taskid, truth, false)) honestLost = true;
    }

    /// Odds of the truth, or of anything else; votes that were reopened do not count.
    function weightOf(bytes32 taskid, bytes32 truth, bool honest) private view returns (uint256 weight) {
        address[] memory voters = hub.viewTask(taskid).contributors;
        weight = 1;
        for (uint256 i; i < voters.length; ++i) {
            Contribution memory c = hub.viewContribution(taskid, voters[i]);
            if (c.status == ContributionStatus.REJECTED || (c.resultHash == truth) != honest) continue;
            weight *= ghostOdds[taskid][voters[i]];
        }
    }

    function matchAs(Orders memory o, bool sponsored) private returns (bytes32 dealid) {
        if (!sponsored) {
            try hub.matchOrders(o.app, o.dataset, o.workerpool, o.request) returns (bytes32 id) {
                return id;
            } catch {
                return 0;
            }
        }
        vm.prank(stranger);
        try hub.sponsorMatchOrders(o.app, o.dataset, o.workerpool, o.request) returns (bytes32 id) {
            return id;
        } catch {}
    }

    function watch(bytes32 structHash, uint256 volume) private {
        orderHashes.push(digest(structHash));
        orderVolumes.push(volume);
    }

    function voteFor(bytes32 taskid, uint256 w, bool honest) private {
        address who = everybody[5 + w % 6];
        bytes32 result = honest ? DIGEST : keccak256("lie");
        bytes memory permit = authorization(who, taskid, address(0), POOL_KEY);
        uint256 odds = Consensus.weight(hub.viewScore(who));
        vm.prank(who);
        try hub.contribute(taskid, hashOf(taskid, result), sealOf(who, taskid, result), address(0), "", permit) {
            ++accepted[Step.VOTE];
            ghostOdds[taskid][who] = odds;
        } catch {}
        note(taskid);
    }

    function reveal(bytes32 taskid, uint256 w, bool honest) private {
        vm.prank(everybody[5 + w % 6]);
        try hub.reveal(taskid, honest ? DIGEST : keccak256("lie")) {
            ++accepted[Step.REVEAL];
        } catch {}
    }

    function startOf(uint256 length, uint256 latest) private pure returns (uint256) {
        return length > latest ? length - latest : 0;
    }

    function pick(uint256 t) private view returns (bytes32) {
        // The latest tasks: older ones are past their deadlines, where only claiming is left.
        uint256 window = tasks.length < 5 ? tasks.length : 5;
        return tasks[tasks.length - 1 - t % window];
    }

    /// What a step needs of its task.
    enum Need {
        OPEN,
        FRESH,
        REVEALING,
        REVEALED,
        SILENT
    }

    /// A late task with which the step may be accepted, or else any late task.
    function pickFor(Need need, uint256 t) private view returns (bytes32) {
        for (uint256 i = startOf(tasks.length, 10); i < tasks.length; ++i) {
            if (suits(need, hub.viewTask(tasks[i]))) return tasks[i];
        }
        return pick(t);
    }

    /// Such a task; where there is none, three times in four one is made from a new deal, by four workers who agree.
    function pickOrMake(Need need, uint256 t) private returns (bytes32 taskid) {
        taskid = pickFor(need, t);
        if (t % 4 == 0 || suits(need, hub.viewTask(taskid))) return taskid;
        uint256 before = tasks.length;
        deal(need == Need.FRESH ? 1 : bound(t, 1, 9), 0, t, 0, t % 8 < 4);
        if (tasks.length == before) return taskid;
        taskid = tasks[before];
        if (need == Need.FRESH) return taskid;
        for (uint256 w; w < 4; ++w) {
            voteFor(taskid, w, true);
        }
        for (uint256 w; w < 4 && need == Need.REVEALED; ++w) {
            reveal(taskid, w, true);
        }
    }

    /// The first of ten tasks that can only be claimed, or else the first of them.
    function overdue(uint256 t) private view returns (bytes32) {
        for (uint256 i; i < 10; ++i) {
            Task memory task = hub.viewTask(tasks[(t % tasks.length + i) % tasks.length]);
            bool over = task.status == TaskStatus.COMPLETED || task.status == TaskStatus.FAILED;
            if (!over && vm.getBlockTimestamp() >= task.finalDeadline) {
                return tasks[(t % tasks.length + i) % tasks.length];
            }
        }
        return tasks[t % tasks.length];
    }

    function suits(Need need, Task memory task) private view returns (bool) {
        uint256 now_ = vm.getBlockTimestamp();
        if (need == Need.OPEN || need == Need.FRESH) {
            if (task.status != TaskStatus.ACTIVE || task.contributors.length > 0) return false;
            return now_ < task.contributionDeadline && (need == Need.OPEN || hub.viewDeal(task.dealid).trust == 1);
        }
        if (task.status != TaskStatus.REVEALING || now_ >= task.finalDeadline) return false;
        if (need == Need.REVEALING) return now_ < task.revealDeadline && task.revealCounter < task.winnerCounter;
        if (need == Need.SILENT) return task.revealCounter == 0;
        return task.revealCounter == task.winnerCounter || (task.revealCounter > 0 && now_ >= task.revealDeadline);
    }

    function note(bytes32 taskid) private {
        TaskStatus now_ = statusOf(taskid);
        if (now_ < lastStatus[taskid]) wentBackwards = true;
        lastStatus[taskid] = now_;
    }
}

/// Laws of the market over random histories.
contract InvariantTest is Market {
    MarketHandler internal handler;

    function setUp() public override {
        handler = new MarketHandler();
        handler.setUp();
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    /// The steps of the handler, not its checks.
    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        bytes4[] memory steps = new bytes4[](12);
        steps[0] = handler.makeDeal.selector;
        steps[1] = handler.vote.selector;
        steps[2] = handler.voteAndEnd.selector;
        steps[3] = handler.open.selector;
        steps[4] = handler.end.selector;
        steps[5] = handler.reopen.selector;
        steps[6] = handler.claim.selector;
        steps[7] = handler.wait_.selector;
        steps[8] = handler.move.selector;
        steps[9] = handler.takeOut.selector;
        steps[10] = handler.work.selector;
        steps[11] = handler.putIn.selector;
        targets[0].selectors = steps;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_Laws() public view {
        handler.checkMoney();
        handler.checkTasks(10);
        handler.checkVolumes(8);
    }

    /// Runs once per history, at its end, and looks at everything.
    function afterInvariant() public {
        handler.checkReached();
        handler.checkNothingIsStuck();
        handler.checkMoney();
        handler.checkTasks(type(uint256).max);
        handler.checkVolumes(type(uint256).max);
    }
}
