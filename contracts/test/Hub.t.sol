// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC2535DiamondCutInternal} from "@solidstate/contracts/interfaces/IERC2535DiamondCutInternal.sol";
import {Classic} from "../src/classic/Classic.sol";
import {Ledger} from "../src/escrow/Ledger.sol";
import {Category, Settings} from "../src/hub/Settings.sol";
import {Ownership} from "../src/hub/Ownership.sol";
import {IConfiguration} from "../src/interfaces/IConfiguration.sol";
import {IDevelopmentEnclaves} from "../src/interfaces/IDevelopmentEnclaves.sol";
import {IOwnership} from "../src/interfaces/IOwnership.sol";
import {IRelay} from "../src/interfaces/IRelay.sol";
import {Deal, EIP712Domain, Task} from "../src/interfaces/Views.sol";
import {OrderBook} from "../src/orders/OrderBook.sol";
import {IHub} from "./support/IHub.sol";
import {Market} from "./support/Market.sol";
import {OldHub, SilentFacet} from "./support/Parties.sol";

/// Diamond, ownership, settings, categories, relay, constants.
contract HubTest is Market {
    function test_OwnerIsAnArgument() public {
        eq(hub.owner(), OWNER, "owner");
        expectNotOwner();
        hub.transferOwnership(stranger);
        vm.expectEmit(true, true, true, true, address(hub));
        emit IOwnership.OwnershipTransferred(OWNER, stranger);
        vm.prank(OWNER);
        hub.transferOwnership(stranger);
        eq(hub.owner(), stranger, "new owner");
    }

    function test_CutsBelongToTheOwner() public {
        IERC2535DiamondCutInternal.FacetCut[] memory cuts = new IERC2535DiamondCutInternal.FacetCut[](1);
        cuts[0].target = address(new SilentFacet());
        cuts[0].selectors = new bytes4[](1);
        cuts[0].selectors[0] = 0x11223344;
        expectNotOwner();
        hub.diamondCut(cuts, address(0), "");
        vm.prank(OWNER);
        hub.diamondCut(cuts, address(0), "");
        eq(hub.facetAddress(0x11223344), cuts[0].target, "added");
        eq(hub.facetAddresses().length, 12, "ten facets, the hub, the new one");
        eq(hub.facetFunctionSelectors(address(hub)).length, 7, "own functions");
        ok(hub.facets().length == 12, "facets");
        ok(hub.supportsInterface(0x1f931c1c) && hub.supportsInterface(0x48e2b093), "diamond interfaces");
        cuts[0].selectors[0] = hub.diamondCut.selector;
        vm.prank(OWNER);
        vm.expectRevert();
        hub.diamondCut(cuts, address(0), "");
    }

    function test_UnknownSelectorWithoutEscrow() public {
        IHub bare = IHub(vm.deployCode("Hub.sol:Hub", abi.encode(OWNER, new IERC2535DiamondCutInternal.FacetCut[](0), false)));
        vm.expectRevert(abi.encodeWithSignature("FunctionNotFound(bytes4)", bare.totalSupply.selector));
        bare.totalSupply();
    }

    function test_DevelopmentEnclavesAreOfLocalNetworks() public {
        ok(!hub.developmentEnclaves(), "not asked for");
        uint256[2] memory ends = [uint256(1_337_001), 1_346_999];
        for (uint256 i; i < ends.length; ++i) {
            vm.chainId(ends[i]);
            ok(bareHub(true).developmentEnclaves(), "local network");
            ok(!bareHub(false).developmentEnclaves(), "not asked for");
        }
    }

    function test_DevelopmentEnclavesAreRefusedElsewhere(uint64 chainId) public {
        vm.assume(chainId > 0 && (chainId < 1_337_001 || chainId > 1_346_999));
        vm.chainId(chainId);
        ok(!bareHub(false).developmentEnclaves(), "fine without");
        vm.expectRevert(abi.encodeWithSelector(IDevelopmentEnclaves.DevelopmentEnclavesRefused.selector, chainId));
        this.bareHub(true);
    }

    function test_DevelopmentEnclavesAreRefusedNextToTheRange() public {
        vm.chainId(1_337_000);
        vm.expectRevert();
        this.bareHub(true);
        vm.chainId(1_347_000);
        vm.expectRevert();
        this.bareHub(true);
    }

    function test_StorageSlots() public pure {
        eq(Classic.SLOT, slotOf("gleaner.storage.Classic"), "classic");
        eq(Ledger.SLOT, slotOf("gleaner.storage.Ledger"), "ledger");
        eq(OrderBook.SLOT, slotOf("gleaner.storage.OrderBook"), "order book");
        eq(Ownership.SLOT, slotOf("gleaner.storage.Ownership"), "ownership");
        eq(Settings.SLOT, slotOf("gleaner.storage.Settings"), "settings");
    }

    function test_ConfigureOnce() public {
        IHub fresh = deployHub();
        expectText("not-configured");
        fresh.updateDomainSeparator();
        expectText("Ownable: caller is not the owner");
        configure(fresh);
        vm.startPrank(OWNER);
        configure(fresh);
        expectText("already-configured");
        configure(fresh);
    }

    function test_SettingsAfterConfigure() public view {
        eq(hub.callbackgas(), 200_000, "callback gas");
        eq(hub.appregistry(), address(apps), "apps");
        eq(hub.datasetregistry(), address(datasets), "datasets");
        eq(hub.workerpoolregistry(), address(workerpools), "pools");
        eq(hub.teebroker(), address(0), "broker");
        EIP712Domain memory d = hub.domain();
        eq(d.name, "iExecODB", "name");
        eq(d.version, "5.0.0", "version");
        eq(d.chainId, block.chainid, "chain");
        eq(d.verifyingContract, address(hub), "contract");
    }

    function test_DomainFollowsTheChainOnRequest() public {
        bytes32 old = hub.eip712domain_separator();
        vm.chainId(4242);
        eq(hub.domain().chainId, 4242, "live domain");
        eq(hub.eip712domain_separator(), old, "stored separator");
        hub.updateDomainSeparator();
        ok(hub.eip712domain_separator() != old, "updated");
    }

    function test_OwnerSettings() public {
        vm.startPrank(OWNER);
        hub.setTeeBroker(stranger);
        hub.setCallbackGas(5);
        hub.changeRegistries(address(1), address(2), address(3));
        vm.stopPrank();
        eq(hub.teebroker(), stranger, "broker");
        eq(hub.callbackgas(), 5, "callback gas");
        eq(hub.workerpoolregistry(), address(3), "registry");
        expectText("Ownable: caller is not the owner");
        hub.setTeeBroker(stranger);
        expectText("Ownable: caller is not the owner");
        hub.setCallbackGas(5);
        expectText("Ownable: caller is not the owner");
        hub.changeRegistries(address(1), address(2), address(3));
        expectText("Ownable: caller is not the owner");
        hub.createCategory("", "", 1);
    }

    function test_ImportScore() public {
        expectEmpty();
        hub.importScore(worker(0));
        IHub fresh = deployHub();
        address old = address(new OldHub());
        vm.prank(OWNER);
        fresh.configure(address(token), "", "", 9, address(apps), address(datasets), address(workerpools), old);
        fresh.importScore(worker(0));
        eq(fresh.viewScore(worker(0)), 42, "imported");
        expectText("score-already-imported");
        fresh.importScore(worker(0));
    }

    function test_Categories() public {
        eq(hub.countCategory(), 5, "count");
        Category memory c = hub.viewCategory(4);
        eq(c.name, "XL", "name");
        eq(c.description, "\"\"", "description");
        eq(c.workClockTimeRef, 36_000, "time");
        expectEmpty();
        hub.viewCategory(5);
        expectPanic(0x32);
        hub.viewCategoryABILegacy(5);
        vm.expectEmit(true, true, true, true, address(hub));
        emit IConfiguration.CreateCategory(5, "n", "d", 7);
        vm.prank(OWNER);
        eq(hub.createCategory("n", "d", 7), 5, "id");
    }

    function test_Relay() public {
        Orders memory o = draft();
        vm.expectEmit(true, true, true, true, address(hub));
        emit IRelay.BroadcastAppOrder(o.app);
        hub.broadcastAppOrder(o.app);
        vm.expectEmit(true, true, true, true, address(hub));
        emit IRelay.BroadcastDatasetOrder(o.dataset);
        hub.broadcastDatasetOrder(o.dataset);
        vm.expectEmit(true, true, true, true, address(hub));
        emit IRelay.BroadcastWorkerpoolOrder(o.workerpool);
        hub.broadcastWorkerpoolOrder(o.workerpool);
        vm.expectEmit(true, true, true, true, address(hub));
        emit IRelay.BroadcastRequestOrder(o.request);
        hub.broadcastRequestOrder(o.request);
    }

    function test_Constants() public view {
        eq(hub.contribution_deadline_ratio(), 7, "contribution");
        eq(hub.reveal_deadline_ratio(), 2, "reveal");
        eq(hub.final_deadline_ratio(), 10, "final");
        eq(hub.workerpool_stake_ratio(), 30, "stake");
        eq(hub.kitty_ratio(), 10, "kitty");
        eq(hub.kitty_min(), 1e9, "kitty minimum");
        eq(hub.kitty_address(), 0x99c2268479b93fDe36232351229815DF80837e23, "kitty address");
        eq(hub.groupmember_purpose(), 4, "purpose");
    }

    function test_FlatDealViews() public {
        bytes32 dealid = matchAll(sign(draft()));
        checkAssets(dealid);
        (uint256 trust,, address r,,, string memory params) = hub.viewDealABILegacy_pt2(dealid);
        ok(trust == 4 && r == requester && bytes(params).length > 0, "part two");
        (uint256 category,,, uint256 size, uint256 stake, uint256 ratio) = hub.viewConfigABILegacy(dealid);
        ok(category == 1 && size == 1 && stake == POOL_PRICE * 30 / 100 && ratio == 1, "configuration");
        (string memory name,, uint256 time) = hub.viewCategoryABILegacy(0);
        ok(bytes(name).length == 2 && time == 300, "category");
    }

    /// The flat view encodes as the struct does, but for the fields it leaves out.
    function test_FlatTaskViews() public {
        bytes32 taskid = startTask(4);
        contribute(0, taskid, DIGEST);
        (, bytes32 hash,,) = hub.viewContributionABILegacy(taskid, worker(0));
        eq(hash, hashOf(taskid, DIGEST), "contribution");
        (bool success, bytes memory flat) = address(hub).staticcall(abi.encodeCall(hub.viewTaskABILegacy, (taskid)));
        ok(success, "task");
        Task memory t = hub.viewTask(taskid);
        bytes memory expected = bytes.concat(
            abi.encode(t.status, t.dealid, t.idx, t.timeref, t.contributionDeadline, t.revealDeadline),
            abi.encode(t.finalDeadline, t.consensusValue, t.revealCounter, t.winnerCounter)
        );
        for (uint256 i; i < 10; ++i) {
            eq(wordAt(flat, i), wordAt(expected, i), "word");
        }
        eq(wordAt(flat, 13), bytes32(uint256(uint160(worker(0)))), "contributor");
    }

    function bareHub(bool developmentEnclaves) public returns (IHub) {
        IERC2535DiamondCutInternal.FacetCut[] memory cuts = new IERC2535DiamondCutInternal.FacetCut[](0);
        return IHub(vm.deployCode("Hub.sol:Hub", abi.encode(OWNER, cuts, developmentEnclaves)));
    }

    function checkAssets(bytes32 dealid) private view {
        (bool success, bytes memory flat) = address(hub).staticcall(abi.encodeCall(hub.viewDealABILegacy_pt1, (dealid)));
        ok(success, "part one");
        Deal memory d = hub.viewDeal(dealid);
        eq(flat, abi.encode(d.app, d.dataset, d.workerpool), "part one");
    }

    function wordAt(bytes memory data, uint256 i) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(add(add(data, 32), mul(i, 32)))
        }
    }

    function expectNotOwner() private {
        vm.expectRevert(abi.encodeWithSelector(IOwnership.NotContractOwner.selector, address(this), OWNER));
    }

    function slotOf(string memory namespace) private pure returns (bytes32) {
        return keccak256(abi.encode(uint256(keccak256(bytes(namespace))) - 1)) & ~bytes32(uint256(0xff));
    }
}
