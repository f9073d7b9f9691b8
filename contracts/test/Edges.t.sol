// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOrderManagement} from "../src/interfaces/IOrderManagement.sol";
import {ITasks} from "../src/interfaces/ITasks.sol";
import {TaskStatus} from "../src/interfaces/Views.sol";
import {
    DatasetOrderOperation,
    OrderOperation,
    RequestOrderOperation,
    WorkerpoolOrderOperation
} from "../src/orders/Orders.sol";
import {Market} from "./support/Market.sol";
import {Vm} from "./support/Vm.sol";

/// The steps of the market in the first and the last second, and at prices and amounts where a rule changes.
contract EdgesTest is Market {
    bytes32 private constant REWARD = keccak256("Reward(address,uint256,bytes32)");

    function test_ReopensFromTheRevealDeadlineUpToTheFinalDeadline() public {
        bytes32 taskid = agreed(DIGEST);
        uint256 reveals = hub.viewTask(taskid).revealDeadline;
        vm.warp(reveals - 1);
        refusesReopen(taskid);
        warpTo(taskid, 10);
        refusesReopen(taskid);
        vm.warp(vm.getBlockTimestamp() - 1);
        vm.prank(poolOwner);
        hub.reopen(taskid);
        expectStatus(taskid, TaskStatus.ACTIVE);
    }

    function test_FinalizesWithSilentWinnersFromTheRevealDeadlineOn() public {
        bytes32 taskid = agreed(DIGEST);
        reveal(0, taskid, DIGEST);
        vm.warp(hub.viewTask(taskid).revealDeadline - 1);
        vm.prank(poolOwner);
        expectEmpty();
        hub.finalize(taskid, "", "");
        vm.warp(vm.getBlockTimestamp() + 1);
        finalize(taskid);
        expectStatus(taskid, TaskStatus.COMPLETED);
    }

    function test_NobodyIsPaidNothing() public {
        Orders memory o = draft();
        (o.app.appprice, o.dataset.datasetprice) = (0, 0);
        bytes32 taskid = startTask(o);
        for (uint256 i; i < 2; ++i) {
            contribute(i, taskid, DIGEST);
        }
        for (uint256 i; i < 2; ++i) {
            reveal(i, taskid, DIGEST);
        }
        vm.recordLogs();
        finalize(taskid);
        eq(countLogs(REWARD), 3, "two workers and the scheduler");
    }

    function test_TheSmallestPricesArePaid() public {
        Orders memory o = draft();
        (o.app.appprice, o.dataset.datasetprice) = (1, 1);
        bytes32 taskid = startTask(o);
        for (uint256 i; i < 2; ++i) {
            contribute(i, taskid, DIGEST);
        }
        for (uint256 i; i < 2; ++i) {
            reveal(i, taskid, DIGEST);
        }
        finalize(taskid);
        eq(free(appOwner), 1, "app owner");
        eq(free(datasetOwner), 1, "data set owner");
    }

    function test_ConsensusIsAnnouncedOnceWithItsValue() public {
        bytes32 taskid = startTask(3);
        contribute(0, taskid, DIGEST);
        bytes32 hash = hashOf(taskid, DIGEST);
        bytes32 resultSeal = sealOf(worker(1), taskid, DIGEST);
        bytes memory permit = authorization(worker(1), taskid, address(0), POOL_KEY);
        vm.expectEmit(true, true, true, true, address(hub));
        emit ITasks.TaskConsensus(taskid, hash);
        vm.prank(worker(1));
        hub.contribute(taskid, hash, resultSeal, address(0), "", permit);
    }

    function test_EachKindOfOrderIsRecordedAndClosedWithItsEvent() public {
        Orders memory o = draft();
        bytes32 hash = digest(hasher.dataset(o.dataset));
        vm.startPrank(datasetOwner);
        expectNext();
        emit IOrderManagement.SignedDatasetOrder(hash);
        hub.manageDatasetOrder(DatasetOrderOperation(o.dataset, OrderOperation.SIGN, ""));
        expectNext();
        emit IOrderManagement.ClosedDatasetOrder(hash);
        hub.manageDatasetOrder(DatasetOrderOperation(o.dataset, OrderOperation.CLOSE, ""));
        vm.stopPrank();

        hash = digest(hasher.workerpool(o.workerpool));
        vm.startPrank(poolOwner);
        expectNext();
        emit IOrderManagement.SignedWorkerpoolOrder(hash);
        hub.manageWorkerpoolOrder(WorkerpoolOrderOperation(o.workerpool, OrderOperation.SIGN, ""));
        expectNext();
        emit IOrderManagement.ClosedWorkerpoolOrder(hash);
        hub.manageWorkerpoolOrder(WorkerpoolOrderOperation(o.workerpool, OrderOperation.CLOSE, ""));
        vm.stopPrank();

        hash = digest(hasher.request(o.request));
        vm.startPrank(requester);
        expectNext();
        emit IOrderManagement.SignedRequestOrder(hash);
        hub.manageRequestOrder(RequestOrderOperation(o.request, OrderOperation.SIGN, ""));
        expectNext();
        emit IOrderManagement.ClosedRequestOrder(hash);
        hub.manageRequestOrder(RequestOrderOperation(o.request, OrderOperation.CLOSE, ""));
        vm.stopPrank();
    }

    function agreed(bytes32 result) private returns (bytes32 taskid) {
        taskid = startTask(4);
        contribute(0, taskid, result);
        contribute(1, taskid, result);
    }

    function countLogs(bytes32 topic) private returns (uint256 count) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == topic) ++count;
        }
    }

    function refusesReopen(bytes32 taskid) private {
        vm.prank(poolOwner);
        expectEmpty();
        hub.reopen(taskid);
    }

    function expectNext() private {
        vm.expectEmit(true, true, true, true, address(hub));
    }
}
