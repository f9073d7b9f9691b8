// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOrderManagement} from "../src/interfaces/IOrderManagement.sol";
import {IPoolOperator} from "../src/interfaces/IPoolOperator.sol";
import {IWorkerpool} from "../src/interfaces/IRegistryEntry.sol";
import {TaskStatus} from "../src/interfaces/Views.sol";
import {OrderOperation, WorkerpoolOrder, WorkerpoolOrderOperation} from "../src/orders/Orders.sol";
import {OperatedMarket} from "./support/OperatedMarket.sol";

contract PoolOperatorTest is OperatedMarket {
    bytes4 private constant ACCEPTED = 0x1626ba7e;
    bytes4 private constant REFUSED = 0xffffffff;

    // -- a pool behind an operator works as any other

    function test_TaskFromOrderToPayment() public {
        bytes32 taskid = reveal2(hub.initialize(matchAll(operatedOrders(AGENT_KEY)), 0));
        uint256 before = wealth();
        vm.prank(agent);
        operator.finalize(taskid, "/ipfs/result", "");
        expectStatus(taskid, TaskStatus.COMPLETED);
        eq(frozen(address(operator)), 0, "stake is free again");
        eq(wealth() - before, POOL_PRICE - 2 * (POOL_PRICE * 99 / 100 / 2), "the scheduler's share and remainders");
    }

    function test_ReopenThroughTheOperator() public {
        bytes32 taskid = vote2(hub.initialize(matchAll(operatedOrders(AGENT_KEY)), 0));
        vm.warp(hub.viewTask(taskid).revealDeadline);
        vm.prank(agent);
        operator.reopen(taskid);
        expectStatus(taskid, TaskStatus.ACTIVE);
    }

    function test_RefusalsOfTheHubComeThrough() public {
        vm.startPrank(agent);
        expectEmpty();
        operator.finalize("no task", "", "");
        expectEmpty();
        operator.reopen("no task");
    }

    function test_AgentClosesOrdersAndCannotPresignThem() public {
        WorkerpoolOrder memory order = operatedOrders(AGENT_KEY).workerpool;
        bytes32 hash = digest(hasher.workerpool(order));
        vm.startPrank(agent);
        vm.expectRevert(IPoolOperator.AgentMayOnlyClose.selector);
        operator.manageWorkerpoolOrder(WorkerpoolOrderOperation(order, OrderOperation.SIGN, ""));
        operator.manageWorkerpoolOrder(WorkerpoolOrderOperation(order, OrderOperation.CLOSE, ""));
        eq(hub.viewConsumed(hash), order.volume, "closed");
        order.workerpool = pool;
        expectText("invalid-signature-format");
        operator.manageWorkerpoolOrder(WorkerpoolOrderOperation(order, OrderOperation.CLOSE, ""));
    }

    // -- what the agent may say

    function test_OrderOfOwnPoolAtTheFloor() public {
        WorkerpoolOrder memory order = operatedOrders(AGENT_KEY).workerpool;
        eq(order.workerpoolprice, FLOOR, "at the floor");
        ok(accepts(digest(hasher.workerpool(order)), order.sign), "accepted");
        order.workerpoolprice = FLOOR - 1;
        ok(!accepts(digest(hasher.workerpool(order)), statedOrder(AGENT_KEY, order)), "below the floor");
        vm.prank(coldOwner);
        operator.setPriceFloor(FLOOR - 1);
        ok(accepts(digest(hasher.workerpool(order)), statedOrder(AGENT_KEY, order)), "at the new floor");
    }

    function test_OrderOfAnotherPool() public view {
        WorkerpoolOrder memory order = operatedOrders(AGENT_KEY).workerpool;
        order.workerpool = pool;
        ok(!accepts(digest(hasher.workerpool(order)), statedOrder(AGENT_KEY, order)), "another owner");
        order.workerpool = stranger;
        ok(!hub.verifySignature(address(operator), digest(hasher.workerpool(order)), statedOrder(AGENT_KEY, order)), "no pool");
    }

    function test_AuthorisationIsOfOneWorkerAndTask() public {
        bytes32 taskid = hub.initialize(matchAll(operatedOrders(AGENT_KEY)), 0);
        bytes memory permit = statedAuthorization(AGENT_KEY, worker(0), taskid, address(0));
        vm.prank(worker(1));
        expectEmpty();
        hub.contribute(taskid, "h", "s", address(0), "", permit);
        vm.prank(worker(0));
        hub.contribute(taskid, "h", "s", address(0), "", permit);
    }

    /// Digest computed here as a market does, from the typed data of its challenge.
    function test_LoginAtAMarket() public view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId)"),
                keccak256("iExec Gateway"),
                keccak256("1"),
                block.chainid
            )
        );
        bytes32 challenge = keccak256("Sign this message to log into iExec Gateway: x");
        bytes32 message = keccak256(abi.encode(keccak256("Challenge(string challenge)"), challenge));
        bytes32 hash = keccak256(abi.encodePacked(hex"1901", domain, message));
        ok(accepts(hash, bytes.concat(signature(AGENT_KEY, hash), challenge)), "accepted");
        ok(!accepts(hash, bytes.concat(signature(STRANGER_KEY, hash), challenge)), "by a stranger");
    }

    /// A digest alone says nothing: without a statement that leads to it, the agent's signature is refused.
    function testFuzz_OtherDigestsAreRefused(bytes32 hash, bytes memory statement) public view {
        ok(!accepts(hash, signature(AGENT_KEY, hash)), "bare");
        ok(!accepts(hash, bytes.concat(signature(AGENT_KEY, hash), statement)), "any statement");
        bytes memory fitting = new bytes(statement.length % 3 == 0 ? 320 : statement.length % 3 == 1 ? 72 : 32);
        for (uint256 i; i < fitting.length && i < statement.length; ++i) {
            fitting[i] = statement[i];
        }
        ok(!accepts(hash, bytes.concat(signature(AGENT_KEY, hash), fitting)), "a statement of right length");
    }

    function testFuzz_OnlyTheAgentSpeaks(uint256 key) public view {
        key = bound(key, 1, type(uint128).max);
        if (key == AGENT_KEY) return;
        WorkerpoolOrder memory order = operatedOrders(AGENT_KEY).workerpool;
        ok(!accepts(digest(hasher.workerpool(order)), statedOrder(key, order)), "another key");
    }

    /// One changed byte anywhere makes the signature void.
    function testFuzz_ChangedSignatureIsRefused(uint256 index, uint8 change) public view {
        if (change == 0) return;
        WorkerpoolOrder memory order = operatedOrders(AGENT_KEY).workerpool;
        bytes memory sign = order.sign;
        sign[index % sign.length] = bytes1(uint8(sign[index % sign.length]) ^ change);
        ok(!hub.verifySignature(address(operator), digest(hasher.workerpool(order)), sign), "changed");
    }

    // -- the agent changes

    function test_RotationVoidsWhatTheFormerAgentSigned() public {
        Orders memory o = operatedOrders(AGENT_KEY);
        bytes32 taskid = hub.initialize(matchAll(o), 0);
        operatedContribute(AGENT_KEY, 0, taskid, DIGEST);
        vm.prank(coldOwner);
        operator.setAgent(vm.addr(NEXT_AGENT_KEY));

        Orders memory next = o;
        next.request.salt = "r2";
        next = sign(next);
        next.workerpool.sign = statedOrder(AGENT_KEY, next.workerpool);
        expectText("iExecV5-matchOrders-0x41");
        matchAll(next);
        bytes memory permit = statedAuthorization(AGENT_KEY, worker(1), taskid, address(0));
        vm.prank(worker(1));
        expectEmpty();
        hub.contribute(taskid, hashOf(taskid, DIGEST), sealOf(worker(1), taskid, DIGEST), address(0), "", permit);
        vm.prank(agent);
        vm.expectRevert(
            abi.encodeWithSelector(IPoolOperator.CallerIsNotTheAgent.selector, agent, vm.addr(NEXT_AGENT_KEY))
        );
        operator.finalize(taskid, "", "");

        operatedContribute(NEXT_AGENT_KEY, 1, taskid, DIGEST);
        for (uint256 i; i < 2; ++i) {
            reveal(i, taskid, DIGEST);
        }
        vm.prank(vm.addr(NEXT_AGENT_KEY));
        operator.finalize(taskid, "", "");
        next.workerpool.sign = statedOrder(NEXT_AGENT_KEY, next.workerpool);
        matchAll(next);
    }

    function test_NobodyIsAgent() public {
        vm.prank(coldOwner);
        operator.setAgent(address(0));
        bytes32 hash = "x";
        ok(!accepts(hash, new bytes(65 + 72)), "no signature of address zero");
        WorkerpoolOrder memory order = operatedOrders(AGENT_KEY).workerpool;
        bytes memory broken = order.sign;
        broken[64] = 0;
        ok(!accepts(digest(hasher.workerpool(order)), broken), "nor of a broken one");
    }

    function test_RaisedFloorVoidsSignedOrders() public {
        Orders memory o = operatedOrders(AGENT_KEY);
        vm.prank(coldOwner);
        operator.setPriceFloor(FLOOR + 1);
        expectText("iExecV5-matchOrders-0x41");
        matchAll(o);
    }

    // -- the owner

    function test_OwnerWithdrawsAndMovesThePool() public {
        vm.startPrank(coldOwner);
        operator.execute(address(hub), 0, abi.encodeCall(hub.withdrawTo, (STAKE, coldOwner)));
        eq(token.balanceOf(coldOwner), STAKE, "money");
        operator.execute(operated, 0, abi.encodeCall(IWorkerpool.changePolicy, (35, 5)));
        eq(IWorkerpool(operated).m_schedulerRewardRatioPolicy(), 5, "policy");
        operator.execute(
            address(workerpools),
            0,
            abi.encodeCall(workerpools.transferFrom, (address(operator), coldOwner, uint256(uint160(operated))))
        );
        eq(IWorkerpool(operated).owner(), coldOwner, "pool");
        WorkerpoolOrder memory order = operatedOrders(AGENT_KEY).workerpool;
        ok(!accepts(digest(hasher.workerpool(order)), order.sign), "the agent has no say in it any more");
    }

    function test_OwnerPresignsAtAnyPrice() public {
        Orders memory o = operatedOrders(AGENT_KEY);
        o.workerpool.workerpoolprice = 0;
        o.workerpool.sign = "";
        expectText("iExecV5-matchOrders-0x41");
        matchAll(o);
        vm.prank(coldOwner);
        operator.execute(
            address(hub),
            0,
            abi.encodeCall(
                IOrderManagement.manageWorkerpoolOrder,
                (WorkerpoolOrderOperation(o.workerpool, OrderOperation.SIGN, ""))
            )
        );
        matchAll(o);
    }

    function test_ExecuteRevertsAsTheCallDoesAndPassesValue() public {
        vm.deal(coldOwner, 3);
        vm.startPrank(coldOwner);
        expectText("Ownable: caller is not the owner");
        operator.execute(address(hub), 0, abi.encodeCall(hub.setTeeBroker, (coldOwner)));
        vm.expectRevert(abi.encodeWithSignature("AddressEmptyCode(address)", stranger));
        operator.execute(stranger, 0, hex"00");
        operator.execute{value: 3}(stranger, 2, "");
        eq(stranger.balance, 2, "sent");
        eq(address(operator).balance, 1, "kept");
        operator.execute(stranger, 1, "");
        eq(address(operator).balance, 0, "and given out later");
    }

    function test_OwnershipNeedsTheCandidate() public {
        vm.prank(coldOwner);
        operator.proposeOwner(stranger);
        eq(operator.owner(), coldOwner, "not yet");
        vm.expectRevert(
            abi.encodeWithSelector(IPoolOperator.CallerIsNotTheCandidate.selector, address(this), stranger)
        );
        operator.acceptOwnership();
        vm.startPrank(stranger);
        vm.expectEmit(true, true, true, true, address(operator));
        emit IPoolOperator.OwnerChanged(coldOwner, stranger);
        operator.acceptOwnership();
        eq(operator.owner(), stranger, "taken over");
        eq(operator.candidate(), address(0), "once");
        vm.expectRevert(abi.encodeWithSelector(IPoolOperator.CallerIsNotTheCandidate.selector, stranger, address(0)));
        operator.acceptOwnership();
    }

    function testFuzz_OthersAreNotTheOwner(address caller) public {
        if (caller == coldOwner) return;
        vm.startPrank(caller);
        bytes memory refusal = abi.encodeWithSelector(IPoolOperator.CallerIsNotTheOwner.selector, caller, coldOwner);
        vm.expectRevert(refusal);
        operator.execute(address(hub), 0, abi.encodeCall(hub.withdrawTo, (1, caller)));
        vm.expectRevert(refusal);
        operator.setAgent(caller);
        vm.expectRevert(refusal);
        operator.setPriceFloor(0);
        vm.expectRevert(refusal);
        operator.proposeOwner(caller);
    }

    function testFuzz_OthersAreNotTheAgent(address caller) public {
        if (caller == agent) return;
        WorkerpoolOrder memory order = operatedOrders(AGENT_KEY).workerpool;
        vm.startPrank(caller);
        bytes memory refusal = abi.encodeWithSelector(IPoolOperator.CallerIsNotTheAgent.selector, caller, agent);
        vm.expectRevert(refusal);
        operator.finalize("t", "", "");
        vm.expectRevert(refusal);
        operator.reopen("t");
        vm.expectRevert(refusal);
        operator.manageWorkerpoolOrder(WorkerpoolOrderOperation(order, OrderOperation.CLOSE, ""));
    }

    // -- creation

    function test_CreationIsPredictableAndRepeatable() public {
        (address predicted, address predictedPool) = factory.predictPool(coldOwner, agent, FLOOR, "second");
        (address made, address madePool) = factory.createPool(coldOwner, agent, FLOOR, "second");
        eq(made, predicted, "operator");
        eq(madePool, predictedPool, "pool");
        eq(IWorkerpool(madePool).owner(), made, "owned");
        vm.prank(stranger);
        (address again, address againPool) = factory.createPool(coldOwner, agent, FLOOR, "second");
        eq(again, made, "the same");
        eq(againPool, madePool, "the same pool");
        (address other,) = factory.predictPool(coldOwner, stranger, FLOOR, "second");
        ok(other != made, "another agent, another operator");
    }

    function test_PoolThatSomebodyMadeBeforeIsTaken() public {
        (address made, address poolOfIt) = factory.predictPool(coldOwner, agent, 0, "early");
        workerpools.createWorkerpool(made, "early");
        (, address found) = factory.createPool(coldOwner, agent, 0, "early");
        eq(found, poolOfIt, "taken");
    }

    function test_SetUpIsClosed() public {
        vm.expectRevert(IPoolOperator.AlreadySetUp.selector);
        operator.setUp(stranger, stranger, 0);
        vm.prank(address(factory));
        vm.expectRevert(IPoolOperator.AlreadySetUp.selector);
        operator.setUp(stranger, stranger, 0);
        IPoolOperator master = IPoolOperator(factory.implementation());
        vm.expectRevert(IPoolOperator.AlreadySetUp.selector);
        master.setUp(stranger, stranger, 0);
        eq(master.hub(), address(hub), "hub");
        vm.expectRevert(bytes4(keccak256("OwnerIsZero()")));
        factory.createOperator(address(0), agent, 0, 0);
        bytes memory code = abi.encodePacked(
            hex"363d3d373d3d3d363d73", factory.implementation(), hex"5af43d82803e903d91602b57fd5bf3"
        );
        eq(address(operator).code, code, "code of an operator");
    }

    function test_ExistingPoolMovesBehindAnOperator() public {
        address moved = workerpools.createWorkerpool(stranger, "moved");
        vm.startPrank(stranger);
        (bool success,) = address(workerpools).call(
            abi.encodeWithSignature(
                "safeTransferFrom(address,address,uint256)", stranger, address(operator), uint256(uint160(moved))
            )
        );
        ok(success, "received");
        eq(IWorkerpool(moved).owner(), address(operator), "owned");
    }

    function accepts(bytes32 hash, bytes memory sign) private view returns (bool) {
        bytes4 answer = operator.isValidSignature(hash, sign);
        ok(answer == ACCEPTED || answer == REFUSED, "one of two answers");
        return answer == ACCEPTED;
    }

    /// Two fresh workers are enough for trust 4.
    function vote2(bytes32 taskid) private returns (bytes32) {
        for (uint256 i; i < 2; ++i) {
            operatedContribute(AGENT_KEY, i, taskid, DIGEST);
        }
        return taskid;
    }

    function reveal2(bytes32 taskid) private returns (bytes32) {
        vote2(taskid);
        for (uint256 i; i < 2; ++i) {
            reveal(i, taskid, DIGEST);
        }
        return taskid;
    }
}
