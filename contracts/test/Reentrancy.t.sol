// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {TaskStatus} from "../src/interfaces/Views.sol";
import {IHub} from "./support/IHub.sol";
import {Market} from "./support/Market.sol";

/// Calls the hub when a result arrives, and keeps the answer.
contract CallingConsumer {
    address internal immutable hub;
    bytes internal input;
    bool public succeeded;
    bytes public answer;

    constructor(address hub_) {
        hub = hub_;
    }

    function prepare(bytes calldata input_) external {
        input = input_;
    }

    function receiveResult(bytes32, bytes calldata) external {
        (succeeded, answer) = hub.call(input);
    }
}

/// A token that withdraws again while it pays out, or deposits while it is pulled.
contract CallingToken {
    IHub internal hub;
    bool internal inside;
    bytes4 public refusal;

    function attach(IHub hub_) external {
        hub = hub_;
    }

    function transferFrom(address, address, uint256) external returns (bool) {
        return again(abi.encodeCall(hub.deposit, (1)));
    }

    function transfer(address, uint256) external returns (bool) {
        return again(abi.encodeCall(hub.withdraw, (1)));
    }

    function again(bytes memory input) private returns (bool) {
        (bool success, bytes memory answer) = address(hub).call(input);
        require(!success, "entered again");
        refusal = bytes4(answer);
        return true;
    }
}

/// What may call the hub while it calls somebody. docs/decisions/reentrancy.md lists it.
contract ReentrancyTest is Market {
    bytes4 private constant REFUSED = bytes4(keccak256("ReentrancyGuardReentrantCall()"));
    CallingConsumer private consumer;

    function setUp() public override {
        super.setUp();
        consumer = new CallingConsumer(address(hub));
        vm.prank(OWNER);
        hub.setCallbackGas(2_000_000);
    }

    function test_ACallbackMayOrderTheNextTask() public {
        Orders memory next = draft();
        next.request.salt = "next";
        next = sign(next);
        bytes memory input = abi.encodeCall(hub.matchOrders, (next.app, next.dataset, next.workerpool, next.request));
        endTaskInto(input);
        ok(consumer.succeeded(), "matched");
        eq(hub.viewDeal(abi.decode(consumer.answer(), (bytes32))).requester, requester, "the next deal");
    }

    function test_ACallbackMayNotMoveTokensOrEndTasks() public {
        bytes[4] memory inputs = [
            abi.encodeCall(hub.withdraw, (0)),
            abi.encodeCall(hub.deposit, (0)),
            abi.encodeCall(hub.receiveApproval, (stranger, 0, address(token), "")),
            abi.encodeCall(hub.finalize, ("another", "", ""))
        ];
        for (uint256 i; i < inputs.length; ++i) {
            uint256 clean = vm.snapshotState();
            endTaskInto(inputs[i]);
            ok(!consumer.succeeded() && bytes4(consumer.answer()) == REFUSED, "refused");
            vm.revertToState(clean);
        }
    }

    function test_ATokenMayNotCallBack() public {
        CallingToken calling = new CallingToken();
        IHub fresh = deployHub();
        calling.attach(fresh);
        vm.prank(OWNER);
        fresh.configure(address(calling), "", "", 9, address(apps), address(datasets), address(workerpools), address(0));
        fresh.deposit(5);
        ok(calling.refusal() == REFUSED, "deposit in deposit");
        fresh.withdraw(2);
        ok(calling.refusal() == REFUSED, "withdrawal in withdrawal");
        eq(fresh.balanceOf(address(this)), 3, "balance");
    }

    /// Completes a task whose result goes to the consumer, which then makes this call.
    function endTaskInto(bytes memory input) private {
        consumer.prepare(input);
        Orders memory o = draft();
        (o.request.callback, o.request.trust) = (address(consumer), 1);
        bytes32 taskid = startTask(o);
        contribute(0, taskid, keccak256("data"));
        reveal(0, taskid, keccak256("data"));
        vm.prank(poolOwner);
        hub.finalize(taskid, "", "data");
        expectStatus(taskid, TaskStatus.COMPLETED);
    }
}
