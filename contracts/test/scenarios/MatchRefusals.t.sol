// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OrderOperation, RequestOrderOperation} from "../../src/orders/Orders.sol";
import {Group, RevertingGroup, UnregisteredAsset} from "../support/Parties.sol";
import {Scenario} from "../support/Scenario.sol";

/// One row per rule of a match, each tried with keys and with contract accounts as owners and requester.
contract MatchRefusalsTest is Scenario {
    uint256 private constant RULES = 31;
    uint256 private constant RESTRICTIONS = 10;

    function test_EveryRuleWithKeys() public {
        everyRule();
    }

    function test_EveryRuleWithContractAccounts() public {
        useContracts();
        everyRule();
    }

    function test_EveryOrderMatchesWithKeys() public {
        everySuccess();
    }

    function test_EveryOrderMatchesWithContractAccounts() public {
        useContracts();
        everySuccess();
    }

    function test_SignersOfTheWrongKind() public {
        useContracts();
        Orders memory o = authorise(draft());
        string[4] memory codes = ["21", "31", "41", "50"];
        for (uint256 i; i < 4; ++i) {
            accounts[i].setReverting(true);
            refused(o, codes[i]);
            accounts[i].setReverting(false);
            accounts[i].accept("another digest");
            refused(o, codes[i]);
            o = authorise(o);
        }
        matchAll(o);
    }

    /// A key that owned the asset before signs for nobody any more.
    function test_KeysOfFormerOwners() public {
        useContracts();
        Orders memory o = authorise(draft());
        Orders memory signedByKeys = sign(o);
        accounts[0].accept("another digest");
        refused(signedByKeys, "21");
    }

    function test_AnOrderThatIsUsedUp() public {
        uint256 clean = vm.snapshotState();
        for (uint256 i; i < 4; ++i) {
            Orders memory o = draft();
            (o.app.volume, o.dataset.volume, o.workerpool.volume, o.request.volume) = (9, 9, 9, 9);
            if (i == 0) o.app.volume = 1;
            if (i == 1) o.dataset.volume = 1;
            if (i == 2) o.workerpool.volume = 1;
            if (i == 3) o.request.volume = 1;
            o = sign(o);
            matchAll(o);
            refused(o, "60");
            vm.revertToState(clean);
        }
    }

    function test_NobodyPaysWithoutFunds() public {
        Orders memory o = sign(draft());
        uint256 price = APP_PRICE + DATASET_PRICE + POOL_PRICE;
        address[3] memory payers = [requester, poolOwner, stranger];
        fund(stranger, price);
        for (uint256 i; i < 3; ++i) {
            uint256 clean = vm.snapshotState();
            uint256 needed = i == 1 ? POOL_STAKE : price;
            uint256 spare = free(payers[i]) - needed;
            vm.prank(payers[i]);
            hub.withdraw(spare + 1);
            vm.prank(i == 2 ? stranger : address(this));
            expectText("IexecEscrow: Transfer amount exceeds balance");
            if (i == 2) matchSponsored(o);
            else matchAll(o);
            give(payers[i], 1);
            vm.startPrank(payers[i]);
            token.approve(address(hub), 1);
            hub.deposit(1);
            if (i == 2) matchSponsored(o);
            else matchAll(o);
            vm.stopPrank();
            eq(free(payers[i]), 0, "to the last nRLC");
            vm.revertToState(clean);
        }
    }

    /// Framework bits of the data set's tag (SCONE, Gramine, TDX) neither narrow the choice of pools nor enter the deal.
    function test_EveryPairOfFrameworks() public {
        bytes32[4] memory frameworks =
            [bytes32(uint256(0x1)), bytes32(uint256(0x3)), bytes32(uint256(0x5)), bytes32(uint256(0x9))];
        uint256 clean = vm.snapshotState();
        for (uint256 i; i < 16; ++i) {
            Orders memory o = draft();
            (o.dataset.tag, o.workerpool.tag) = (frameworks[i / 4], frameworks[i % 4]);
            (o.app.tag, o.request.tag) = (TEE, o.workerpool.tag);
            eq(hub.viewDeal(matchAll(sign(o))).tag, o.workerpool.tag, "tag of the deal");
            vm.revertToState(clean);
        }
    }

    /// Unlike those of the data set, framework bits of app and request must be in the pool's order.
    function test_FrameworksOfAppAndRequestCount() public {
        for (uint256 i; i < 2; ++i) {
            Orders memory o = draft();
            (o.app.tag, o.workerpool.tag) = (TEE, bytes32(uint256(0x9)));
            if (i == 0) o.app.tag = bytes32(uint256(0x3));
            else o.request.tag = bytes32(uint256(0x5));
            refused(sign(o), "06");
        }
    }

    function test_ContractAccountPresignsAndCloses() public {
        useContracts();
        Orders memory o = draft();
        vm.prank(requester);
        hub.manageRequestOrder(RequestOrderOperation(o.request, OrderOperation.SIGN, ""));
        accounts[0].accept(digest(hasher.app(o.app)));
        accounts[1].accept(digest(hasher.dataset(o.dataset)));
        accounts[2].accept(digest(hasher.workerpool(o.workerpool)));
        eq(hub.viewDeal(matchAll(o)).requester, requester, "requester");
        vm.prank(requester);
        hub.manageRequestOrder(RequestOrderOperation(o.request, OrderOperation.CLOSE, ""));
        refused(o, "60");
    }

    // -- rows

    function everyRule() private {
        uint256 clean = vm.snapshotState();
        for (uint256 i; i < RULES; ++i) {
            Orders memory o = draft();
            string memory code =
                i < 14 ? breakTerms(o, i) : i < 24 ? breakRestriction(o, i - 14) : breakParty(o, i - 24);
            o = authorise(o);
            if (i > 26) withdrawSignature(o, i - 27);
            refused(o, code);
            vm.revertToState(clean);
        }
    }

    function everySuccess() private {
        uint256 clean = vm.snapshotState();
        for (uint256 i; i < 4 + 2 * RESTRICTIONS; ++i) {
            Orders memory o = draft();
            if (i == 0) o = withoutDataset(o);
            if (i == 1) (o.request.tag, o.app.tag, o.dataset.tag, o.workerpool.tag) = (TEE, TEE, TEE, TEE);
            if (i == 2) (o.request.beneficiary, o.request.callback, o.request.volume) = (address(1), address(2), 5);
            if (i >= 4 && i < 14) restrict(o, i - 4, candidateOf(i - 4));
            if (i >= 14) restrict(o, i - 14, address(new Group(candidateOf(i - 14))));
            eq(hub.viewDeal(matchAll(authorise(o))).requester, requester, "requester");
            vm.revertToState(clean);
        }
    }

    /// Codes 00 to 11.
    function breakTerms(Orders memory o, uint256 i) private view returns (string memory code) {
        if (i == 0) o.request.category = 2;
        if (i == 1) (o.request.category, o.workerpool.category) = (5, 5);
        if (i == 2) o.request.trust = o.workerpool.trust + 1;
        if (i == 3) o.app.appprice += 1;
        if (i == 4) o.dataset.datasetprice += 1;
        if (i == 5) o.workerpool.workerpoolprice += 1;
        if (i == 6) o.request.tag = bytes32(uint256(0x100));
        if (i == 7) o.app.tag = bytes32(uint256(0x100));
        if (i == 8) o.dataset.tag = bytes32(uint256(0x10));
        if (i == 9) (o.request.tag, o.workerpool.tag) = (TEE, TEE);
        if (i == 10) (o.dataset.tag, o.workerpool.tag) = (TEE, TEE);
        if (i == 11) o.request.app = stranger;
        if (i == 12) o.request.dataset = stranger;
        if (i == 13) o.request.dataset = address(0);
        string[14] memory codes = ["00", "01", "02", "03", "04", "05", "06", "06", "06", "07", "07", "10", "11", "11"];
        return codes[i];
    }

    /// Codes 12 to 1b; somebody else, a group of somebody else, and a broken group in turn.
    function breakRestriction(Orders memory o, uint256 i) private returns (string memory code) {
        address[3] memory outsiders = [stranger, address(new Group(stranger)), address(new RevertingGroup())];
        restrict(o, i, outsiders[i % 3]);
        string[10] memory codes = ["12", "13", "14", "15", "16", "17", "18", "19", "1a", "1b"];
        return codes[i];
    }

    /// Codes 20 to 50: an asset that no registry knows; a signature that is not there.
    function breakParty(Orders memory o, uint256 i) private returns (string memory code) {
        if (i == 0) o.app.app = o.request.app = address(new UnregisteredAsset(appOwner));
        if (i == 1) o.dataset.dataset = o.request.dataset = address(new UnregisteredAsset(datasetOwner));
        if (i == 2) o.workerpool.workerpool = address(new UnregisteredAsset(poolOwner));
        string[7] memory codes = ["20", "30", "40", "21", "31", "41", "50"];
        return codes[i];
    }

    function withdrawSignature(Orders memory o, uint256 i) private {
        if (address(accounts[i]) != address(0)) accounts[i].accept("another digest");
        bytes memory wrong = signature(STRANGER_KEY, "another digest");
        if (i == 0) o.app.sign = wrong;
        if (i == 1) o.dataset.sign = wrong;
        if (i == 2) o.workerpool.sign = wrong;
        if (i == 3) o.request.sign = wrong;
    }
}
