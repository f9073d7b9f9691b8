// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Kitty} from "../../src/classic/Kitty.sol";
import {IRegistries} from "./IHub.sol";
import {Market} from "./Market.sol";
import {ContractAccount} from "./Parties.sol";

/// What several scenarios need: parties that are contracts, contributions from enclaves, money accounts over all parties.
abstract contract Scenario is Market {
    bytes32 internal constant TEE = bytes32(uint256(1));
    uint256 internal constant POOL_STAKE = POOL_PRICE * 30 / 100;
    uint256 internal constant WORKERS = 6;

    /// Contracts as owner of app, data set and pool, and as requester, once `useContracts` ran.
    ContractAccount[4] internal accounts;

    /// Hands all four roles to contract accounts, with the deposits that the keys had.
    function useContracts() internal {
        for (uint256 i; i < 4; ++i) {
            accounts[i] = new ContractAccount();
        }
        hand(apps, appOwner, address(accounts[0]), app);
        hand(datasets, datasetOwner, address(accounts[1]), dataset);
        hand(workerpools, poolOwner, address(accounts[2]), pool);
        vm.prank(poolOwner);
        hub.transfer(address(accounts[2]), 1000e9);
        vm.prank(requester);
        hub.transfer(address(accounts[3]), 1000e9);
        appOwner = address(accounts[0]);
        datasetOwner = address(accounts[1]);
        poolOwner = address(accounts[2]);
        requester = address(accounts[3]);
    }

    function hand(IRegistries registry, address from, address to, address entry) internal {
        vm.prank(from);
        registry.transferFrom(from, to, uint256(uint160(entry)));
    }

    /// By keys, or by the contract accounts, which accept the digests.
    function authorise(Orders memory o) internal returns (Orders memory) {
        if (address(accounts[0]) == address(0)) return sign(o);
        accounts[0].accept(digest(hasher.app(o.app)));
        accounts[1].accept(digest(hasher.dataset(o.dataset)));
        accounts[2].accept(digest(hasher.workerpool(o.workerpool)));
        accounts[3].accept(digest(hasher.request(o.request)));
        return o;
    }

    function refused(Orders memory o, string memory code) internal {
        expectText(string.concat("iExecV5-matchOrders-0x", code));
        matchAll(o);
    }

    /// Orders at price zero without data set.
    function gratis() internal view returns (Orders memory o) {
        o = withoutDataset(draft());
        (o.app.appprice, o.workerpool.workerpoolprice) = (0, 0);
    }

    function contributeFromEnclave(uint256 i, bytes32 taskid, bytes32 result, uint256 permitKey) internal {
        (address who, address enclave) = (worker(i), vm.addr(ENCLAVE_KEY));
        (bytes32 hash, bytes32 seal) = (hashOf(taskid, result), sealOf(who, taskid, result));
        bytes memory proof = personal(ENCLAVE_KEY, keccak256(abi.encodePacked(hash, seal)));
        bytes memory permit = authorization(who, taskid, enclave, permitKey);
        vm.prank(who);
        hub.contribute(taskid, hash, seal, enclave, proof, permit);
    }

    /// The first `count` workers contribute and reveal, and the task is paid.
    function agree(bytes32 taskid, uint256 count, bytes memory callbackData) internal {
        bytes32 result = keccak256(callbackData);
        for (uint256 i; i < count; ++i) {
            contribute(i, taskid, result);
        }
        for (uint256 i; i < count; ++i) {
            reveal(i, taskid, result);
        }
        bool hasCallback = hub.viewDeal(hub.viewTask(taskid).dealid).callback != address(0);
        vm.prank(poolOwner);
        hub.finalize(taskid, "/ipfs/result", hasCallback ? callbackData : bytes(""));
    }

    /// Locked value of all parties and the kitty.
    function allFrozen() internal view returns (uint256 sum) {
        sum = frozen(appOwner) + frozen(datasetOwner) + frozen(poolOwner) + frozen(requester) + frozen(stranger);
        sum += frozen(Kitty.ADDRESS);
        for (uint256 i; i < WORKERS; ++i) {
            sum += frozen(worker(i));
        }
    }

    /// The hub holds what is locked, and tokens back the supply.
    function checkBooks() internal view {
        eq(free(address(hub)), allFrozen(), "the hub holds what is locked");
        eq(token.balanceOf(address(hub)), hub.totalSupply(), "tokens back the supply");
    }
}
