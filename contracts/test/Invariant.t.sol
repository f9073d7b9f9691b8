// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Kitty} from "../src/classic/Kitty.sol";
import {Task, TaskStatus} from "../src/interfaces/Views.sol";
import {Market} from "./support/Market.sol";

/// Plays a market at random: deals, votes for two values, reveals, reopenings, endings, time, transfers.
/// Rules may refuse a step; the handler ignores refusals and counts the endings it saw.
contract MarketHandler is Market {
    bytes32[] public tasks;
    bytes32[] internal requestHashes;
    uint256[] internal requestVolumes;
    mapping(bytes32 taskid => uint256) public endings;
    mapping(bytes32 taskid => TaskStatus) public lastStatus;
    uint256 internal nextSalt;
    bool public wentBackwards;

    function makeDeal(uint256 trust, uint256 volume, uint256 price, uint256 stop) external {
        Orders memory o = draft();
        o.request.trust = bound(trust, 0, 9);
        o.request.volume = bound(volume, 1, 3);
        o.workerpool.workerpoolprice = o.request.workerpoolmaxprice = bound(price, 0, 3e9);
        o.workerpool.volume = bound(stop, 1, 3);
        (o.app.salt, o.dataset.salt) = (bytes32(nextSalt), bytes32(nextSalt));
        (o.workerpool.salt, o.request.salt) = (bytes32(nextSalt), bytes32(nextSalt++));
        o = sign(o);
        try hub.matchOrders(o.app, o.dataset, o.workerpool, o.request) returns (bytes32 dealid) {
            requestHashes.push(digest(hasher.request(o.request)));
            requestVolumes.push(o.request.volume);
            uint256 size = hub.viewDeal(dealid).botSize;
            for (uint256 i; i < size; ++i) {
                tasks.push(hub.initialize(dealid, i));
            }
        } catch {}
    }

    function vote(uint256 t, uint256 w, bool honest) external {
        if (tasks.length == 0) return;
        bytes32 taskid = pick(t);
        address who = worker(w % 6);
        bytes32 result = honest ? DIGEST : keccak256("lie");
        bytes memory permit = authorization(who, taskid, address(0), POOL_KEY);
        vm.prank(who);
        try hub.contribute(taskid, hashOf(taskid, result), sealOf(who, taskid, result), address(0), "", permit) {}
            catch {}
        note(taskid);
    }

    function voteAndEnd(uint256 t, uint256 w) external {
        if (tasks.length == 0) return;
        bytes32 taskid = pick(t);
        address who = worker(w % 6);
        bytes memory permit = authorization(who, taskid, address(0), POOL_KEY);
        vm.prank(who);
        try hub.contributeAndFinalize(taskid, DIGEST, "", "", address(0), "", permit) {
            ++endings[taskid];
        } catch {}
        note(taskid);
    }

    function open(uint256 t, uint256 w, bool honest) external {
        if (tasks.length == 0) return;
        bytes32 taskid = pick(t);
        vm.prank(worker(w % 6));
        try hub.reveal(taskid, honest ? DIGEST : keccak256("lie")) {} catch {}
    }

    /// Four workers vote, most of them honestly; then, three times in four, most of them reveal.
    function work(uint256 t, uint8 choices, uint8 reveals) external {
        if (tasks.length == 0) return;
        for (uint256 w; w < 4; ++w) {
            bool honest = choices >> (2 * w) & 3 != 0;
            this.vote(t, w, honest);
        }
        if (reveals < 64) return;
        for (uint256 w; w < 4; ++w) {
            if (reveals >> (2 * w) & 3 != 0) this.open(t, w, choices >> (2 * w) & 3 != 0);
        }
    }

    function end(uint256 t) external {
        if (tasks.length == 0) return;
        bytes32 taskid = pick(t);
        vm.prank(poolOwner);
        try hub.finalize(taskid, "", "") {
            ++endings[taskid];
        } catch {}
        note(taskid);
    }

    function reopen(uint256 t) external {
        if (tasks.length == 0) return;
        bytes32 taskid = tasks[t % tasks.length];
        vm.prank(poolOwner);
        try hub.reopen(taskid) {
            lastStatus[taskid] = TaskStatus.ACTIVE;
        } catch {}
    }

    function claim(uint256 t) external {
        if (tasks.length == 0) return;
        bytes32 taskid = tasks[t % tasks.length];
        try hub.claim(taskid) {
            ++endings[taskid];
        } catch {}
        note(taskid);
    }

    function wait_(uint256 seconds_) external {
        // Mostly within a task's life, one time in six past its end.
        vm.warp(vm.getBlockTimestamp() + (seconds_ % 6 == 0 ? 10 * T : bound(seconds_, 1, 2 * T)));
    }

    function move(uint256 from, uint256 to, uint256 amount) external {
        address[10] memory all = accounts();
        vm.prank(all[from % 9]);
        try hub.transfer(all[to % 9], amount % 1e9) {} catch {}
    }

    function takeOut(uint256 who, uint256 amount) external {
        address[10] memory all = accounts();
        vm.prank(all[who % 9]);
        try hub.withdraw(amount % 1e9) {} catch {}
    }

    /// Everybody who can hold value, the kitty last.
    function accounts() public view returns (address[10] memory all) {
        all = [
            appOwner,
            datasetOwner,
            poolOwner,
            requester,
            stranger,
            worker(0),
            worker(1),
            worker(2),
            worker(3),
            Kitty.ADDRESS
        ];
    }

    function checkMoney() external view {
        uint256 balances = hub.balanceOf(address(hub));
        uint256 frozenSum;
        address[10] memory all = accounts();
        for (uint256 i; i < all.length; ++i) {
            balances += hub.balanceOf(all[i]);
            frozenSum += hub.frozenOf(all[i]);
        }
        for (uint256 i = 4; i < 6; ++i) {
            balances += hub.balanceOf(worker(i));
            frozenSum += hub.frozenOf(worker(i));
        }
        eq(balances, hub.totalSupply(), "balances make the supply");
        eq(token.balanceOf(address(hub)), hub.totalSupply(), "tokens back the supply");
        eq(hub.balanceOf(address(hub)), frozenSum, "the hub holds what is frozen");
    }

    function checkTasks() external view {
        for (uint256 i; i < tasks.length; ++i) {
            Task memory t = hub.viewTask(tasks[i]);
            bool ended = t.status == TaskStatus.COMPLETED || t.status == TaskStatus.FAILED;
            eq(endings[tasks[i]], ended ? 1 : 0, "a task ends once");
            ok(t.revealCounter <= t.winnerCounter, "no more reveals than winners");
            ok(t.winnerCounter <= t.contributors.length, "no more winners than workers");
        }
        ok(!wentBackwards, "status only moves forward except by reopening");
    }

    function checkVolumes() external view {
        for (uint256 i; i < requestHashes.length; ++i) {
            ok(hub.viewConsumed(requestHashes[i]) <= requestVolumes[i], "consumed within volume");
        }
    }

    /// Claims everything after the last deadline: nothing stays locked but the kitty.
    function checkNothingIsStuck() external {
        vm.warp(vm.getBlockTimestamp() + 20 * T);
        for (uint256 i; i < tasks.length; ++i) {
            try hub.claim(tasks[i]) {} catch {}
        }
        for (uint256 i; i < 6; ++i) {
            eq(hub.frozenOf(worker(i)), 0, "worker");
        }
        eq(hub.frozenOf(requester) + hub.frozenOf(poolOwner), 0, "requester and scheduler");
    }

    function pick(uint256 t) private view returns (bytes32) {
        // The latest tasks: older ones are past their deadlines, where only claiming is left.
        uint256 window = tasks.length < 5 ? tasks.length : 5;
        return tasks[tasks.length - 1 - t % window];
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
        bytes4[] memory steps = new bytes4[](11);
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
        targets[0].selectors = steps;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_Laws() public view {
        handler.checkMoney();
        handler.checkTasks();
        handler.checkVolumes();
    }

    /// Runs once per history, at its end.
    function afterInvariant() public {
        handler.checkNothingIsStuck();
        handler.checkMoney();
    }
}
