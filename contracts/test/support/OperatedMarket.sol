// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IPoolOperator} from "../../src/interfaces/IPoolOperator.sol";
import {IPoolOperatorFactory} from "../../src/interfaces/IPoolOperatorFactory.sol";
import {WorkerpoolOrder} from "../../src/orders/Orders.sol";
import {Market} from "./Market.sol";

/// A market with a second pool behind an operator: `coldOwner` owns it, the key AGENT_KEY is its agent.
abstract contract OperatedMarket is Market {
    uint256 internal constant COLD_KEY = 0xC0;
    uint256 internal constant AGENT_KEY = 0xC1;
    uint256 internal constant NEXT_AGENT_KEY = 0xC2;
    uint96 internal constant FLOOR = 1_000_000_000;
    uint256 internal constant STAKE = 100e9;

    IPoolOperatorFactory internal factory;
    IPoolOperator internal operator;
    address internal coldOwner;
    address internal agent;
    address internal operated;

    function setUp() public virtual override {
        super.setUp();
        (coldOwner, agent) = (vm.addr(COLD_KEY), vm.addr(AGENT_KEY));
        factory = IPoolOperatorFactory(
            vm.deployCode("PoolOperatorFactory.sol:PoolOperatorFactory", abi.encode(address(hub)))
        );
        address created;
        (created, operated) = factory.createPool(coldOwner, agent, FLOOR, "operated");
        operator = IPoolOperator(created);
        give(coldOwner, STAKE);
        vm.startPrank(coldOwner);
        token.approve(address(hub), STAKE);
        hub.depositFor(STAKE, created);
        vm.stopPrank();
    }

    /// Orders that match in the operated pool, its order signed by this key as agent.
    function operatedOrders(uint256 key) internal view returns (Orders memory o) {
        o = draft();
        o.workerpool.workerpool = operated;
        o = sign(o);
        o.workerpool.sign = statedOrder(key, o.workerpool);
    }

    function statedOrder(uint256 key, WorkerpoolOrder memory o) internal view returns (bytes memory) {
        return bytes.concat(signature(key, digest(hasher.workerpool(o))), orderWords(o));
    }

    function orderWords(WorkerpoolOrder memory o) internal pure returns (bytes memory) {
        return abi.encode(
            o.workerpool,
            o.workerpoolprice,
            o.volume,
            o.tag,
            o.category,
            o.trust,
            o.apprestrict,
            o.datasetrestrict,
            o.requesterrestrict,
            o.salt
        );
    }

    function statedAuthorization(uint256 key, address who, bytes32 taskid, address enclave)
        internal
        pure
        returns (bytes memory)
    {
        return bytes.concat(authorization(who, taskid, enclave, key), abi.encodePacked(who, taskid, enclave));
    }

    function operatedContribute(uint256 key, uint256 i, bytes32 taskid, bytes32 result) internal {
        address who = worker(i);
        bytes memory permit = statedAuthorization(key, who, taskid, address(0));
        vm.prank(who);
        hub.contribute(taskid, hashOf(taskid, result), sealOf(who, taskid, result), address(0), "", permit);
    }

    /// All that is the operator's, wherever it is, in nRLC.
    function wealth() internal view returns (uint256) {
        return token.balanceOf(address(operator)) + free(address(operator)) + frozen(address(operator));
    }
}
