// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Kitty} from "../src/classic/Kitty.sol";
import {IPoolOperator} from "../src/interfaces/IPoolOperator.sol";
import {IWorkerpool} from "../src/interfaces/IRegistryEntry.sol";
import {OrderOperation, WorkerpoolOrder, WorkerpoolOrderOperation} from "../src/orders/Orders.sol";
import {OperatedMarket} from "./support/OperatedMarket.sol";

/// A thief with the agent's key, money and workers of his own, who does whatever the key lets him.
contract ThiefHandler is OperatedMarket {
    uint256 internal constant WALLET = 7e9;

    bytes32[] public deals;
    bytes32[] public tasks;
    uint256 internal nextSalt;
    /// Signatures in the operator's name that the hub must never take.
    bool public spoke;
    uint256 public finalized;

    function setUp() public override {
        super.setUp();
        fund(stranger, 500e9);
        give(address(operator), WALLET);
    }

    /// A deal with himself, at any price.
    function offer(uint256 price, uint256 volume, uint256 trust) external {
        Orders memory o = orders();
        o.workerpool.workerpoolprice = o.request.workerpoolmaxprice = bound(price, FLOOR / 2, 30e9);
        o.workerpool.volume = o.request.volume = bound(volume, 1, 4);
        o.request.trust = bound(trust, 0, 5);
        o = finish(o);
        try hub.matchOrders(o.app, o.dataset, o.workerpool, o.request) returns (bytes32 dealid) {
            deals.push(dealid);
            for (uint256 i; i < hub.viewDeal(dealid).botSize; ++i) {
                tasks.push(hub.initialize(dealid, i));
            }
        } catch {}
    }

    /// A deal that the operator would pay for, with the agent's signature in every form.
    function spend(uint256 form) external {
        Orders memory o = orders();
        o.request.requester = address(operator);
        o = finish(o);
        bytes32 hash = digest(hasher.request(o.request));
        bytes memory bare = signature(AGENT_KEY, hash);
        if (form % 3 == 0) o.request.sign = bare;
        else if (form % 3 == 1) o.request.sign = bytes.concat(bare, orderWords(o.workerpool));
        else o.request.sign = bytes.concat(bare, hash);
        try hub.matchOrders(o.app, o.dataset, o.workerpool, o.request) returns (bytes32) {
            spoke = true;
        } catch {}
    }

    /// A call of the operator with any function of hub, token, registry, pool and operator.
    function call(uint256 which, bytes32 a, uint256 b, bytes32 c, uint256 aim) external {
        bytes32 first = aim % 2 == 0 ? a : bytes32(uint256(uint160(agent)));
        bytes4[24] memory functions = dangerous();
        vm.prank(agent);
        (bool success,) = address(operator).call(abi.encode(functions[which % 24], first, b % 10e9, c, a, b, c));
        vm.prank(agent);
        (bool packed,) =
            address(operator).call(abi.encodePacked(functions[which % 24], first, b % 10e9, c, a, b, c));
        if (success || packed) spoke = true;
    }

    function execute(uint256 amount) external {
        vm.prank(agent);
        try operator.execute(address(hub), 0, abi.encodeCall(hub.withdrawTo, (amount % STAKE, agent))) {
            spoke = true;
        } catch {}
    }

    function presign(uint256 price) external {
        WorkerpoolOrder memory order = orders().workerpool;
        order.workerpoolprice = price;
        vm.prank(agent);
        try operator.manageWorkerpoolOrder(WorkerpoolOrderOperation(order, OrderOperation.SIGN, "")) {
            spoke = true;
        } catch {}
    }

    function work(uint256 t, uint256 w, bool honest) external {
        if (tasks.length == 0) return;
        bytes32 taskid = tasks[t % tasks.length];
        address who = worker(w % 4);
        bytes32 result = honest ? DIGEST : keccak256("lie");
        bytes memory permit = statedAuthorization(AGENT_KEY, who, taskid, address(0));
        vm.startPrank(who);
        try hub.contribute(taskid, hashOf(taskid, result), sealOf(who, taskid, result), address(0), "", permit) {}
            catch {}
        try hub.reveal(taskid, result) {} catch {}
        vm.stopPrank();
    }

    function end(uint256 t) external {
        if (tasks.length == 0) return;
        vm.startPrank(agent);
        try operator.finalize(tasks[t % tasks.length], "", "") {
            ++finalized;
        } catch {}
        try operator.reopen(tasks[t % tasks.length]) {} catch {}
        vm.stopPrank();
    }

    function claim(uint256 t) external {
        if (tasks.length == 0) return;
        try hub.claim(tasks[t % tasks.length]) {} catch {}
    }

    function wait_(uint256 seconds_) external {
        vm.warp(vm.getBlockTimestamp() + bound(seconds_, 1, 4 * T));
    }

    function checkControl() external view {
        ok(!spoke, "nothing was said or done that is the owner's alone");
        eq(operator.owner(), coldOwner, "owner");
        eq(operator.candidate(), address(0), "candidate");
        eq(operator.agent(), agent, "agent");
        eq(operator.priceFloor(), FLOOR, "floor");
        eq(IWorkerpool(operated).owner(), address(operator), "pool");
        eq(IWorkerpool(operated).m_schedulerRewardRatioPolicy(), 1, "policy");
        eq(hub.allowance(address(operator), agent) + hub.allowance(address(operator), stranger), 0, "allowances");
    }

    /// Only stake of tasks that ended in a refund is gone, and it went to the kitty.
    function checkMoney() external view {
        eq(token.balanceOf(address(operator)), WALLET, "tokens outside the hub");
        ok(wealth() + frozen(Kitty.ADDRESS) >= STAKE + WALLET, "what is missing is in the kitty");
    }

    function checkPrices() external view {
        for (uint256 i; i < deals.length; ++i) {
            ok(hub.viewDeal(deals[i]).workerpool.price >= FLOOR, "price floor");
            ok(hub.viewDeal(deals[i]).sponsor != address(operator), "payer");
        }
    }

    function orders() private returns (Orders memory o) {
        o = withoutDataset(draft());
        o.workerpool.workerpool = operated;
        o.request.requester = stranger;
        (o.app.salt, o.workerpool.salt, o.request.salt) = (bytes32(nextSalt), bytes32(nextSalt), bytes32(nextSalt));
        ++nextSalt;
    }

    function finish(Orders memory o) private view returns (Orders memory) {
        o.app.sign = signature(APP_KEY, digest(hasher.app(o.app)));
        o.workerpool.sign = statedOrder(AGENT_KEY, o.workerpool);
        o.request.sign = signature(STRANGER_KEY, digest(hasher.request(o.request)));
        return o;
    }

    function dangerous() private view returns (bytes4[24] memory) {
        return [
            hub.withdraw.selector,
            hub.withdrawTo.selector,
            hub.transfer.selector,
            hub.transferFrom.selector,
            hub.approve.selector,
            hub.approveAndCall.selector,
            hub.increaseAllowance.selector,
            hub.deposit.selector,
            hub.depositFor.selector,
            hub.receiveApproval.selector,
            hub.matchOrders.selector,
            hub.sponsorMatchOrders.selector,
            hub.manageRequestOrder.selector,
            hub.manageAppOrder.selector,
            hub.contribute.selector,
            hub.transferOwnership.selector,
            IWorkerpool.changePolicy.selector,
            IPoolOperator.execute.selector,
            IPoolOperator.setUp.selector,
            IPoolOperator.setAgent.selector,
            IPoolOperator.setPriceFloor.selector,
            IPoolOperator.proposeOwner.selector,
            IPoolOperator.acceptOwnership.selector,
            bytes4(keccak256("safeTransferFrom(address,address,uint256)"))
        ];
    }
}

/// What an agent can never do, over random histories of a thief.
contract PoolOperatorInvariantTest {
    ThiefHandler internal handler;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public {
        handler = new ThiefHandler();
        handler.setUp();
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        bytes4[] memory steps = new bytes4[](9);
        steps[0] = handler.offer.selector;
        steps[1] = handler.spend.selector;
        steps[2] = handler.call.selector;
        steps[3] = handler.execute.selector;
        steps[4] = handler.presign.selector;
        steps[5] = handler.work.selector;
        steps[6] = handler.end.selector;
        steps[7] = handler.claim.selector;
        steps[8] = handler.wait_.selector;
        targets[0].selectors = steps;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// A few short histories by default, 32 768 steps in the deep profile.
    /// forge-config: default.invariant.runs = 6
    /// forge-config: default.invariant.depth = 50
    /// forge-config: deep.invariant.runs = 128
    /// forge-config: deep.invariant.depth = 256
    function invariant_AgentMovesNothingOut() public view {
        handler.checkControl();
        handler.checkMoney();
        handler.checkPrices();
    }

    /// The histories reach the money: without deals and payments the laws above would hold by themselves.
    function test_HistoriesReachDealsPaymentsAndRefunds() public {
        handler.offer(2e9, 2, 0);
        handler.work(0, 0, true);
        handler.end(0);
        require(handler.finalized() == 1, "a payment");
        handler.offer(20e9, 1, 5);
        for (uint256 i; i < 12; ++i) {
            handler.wait_(4800);
        }
        handler.claim(1);
        handler.claim(2);
        invariant_AgentMovesNothingOut();
    }
}
