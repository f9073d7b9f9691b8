// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {IMatching} from "../src/interfaces/IMatching.sol";
import {IRegistry} from "../src/interfaces/IRegistry.sol";
import {IWorkerpool} from "../src/interfaces/IRegistryEntry.sol";
import {Deal} from "../src/interfaces/Views.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Market} from "./support/Market.sol";
import {UnregisteredAsset} from "./support/Parties.sol";

contract MatchingTest is Market {
    function test_RecordsTheWholeDeal() public {
        Orders memory o = draft();
        o.request.beneficiary = address(0xBE);
        o.request.callback = address(0xCA);
        o.request.volume = 3;
        bytes32 dealid = matchAll(sign(o));
        eq(dealid, keccak256(abi.encode(digest(hasher.request(o.request)), uint256(0))), "deal id");
        Deal memory d = hub.viewDeal(dealid);
        eq(d.app.pointer, app, "app");
        eq(d.app.owner, appOwner, "app owner");
        eq(d.app.price, APP_PRICE, "app price");
        eq(d.dataset.pointer, dataset, "dataset");
        eq(d.dataset.owner, datasetOwner, "dataset owner");
        eq(d.dataset.price, DATASET_PRICE, "dataset price");
        eq(d.workerpool.pointer, pool, "pool");
        eq(d.workerpool.owner, poolOwner, "pool owner");
        eq(d.workerpool.price, POOL_PRICE, "pool price");
        eq(d.trust, 4, "trust");
        eq(d.category, 1, "category");
        eq(d.requester, requester, "requester");
        eq(d.beneficiary, address(0xBE), "beneficiary");
        eq(d.callback, address(0xCA), "callback");
        eq(d.params, o.request.params, "params");
        eq(d.startTime, vm.getBlockTimestamp(), "start");
        eq(d.botFirst, 0, "first");
        eq(d.botSize, 3, "size");
        eq(d.workerStake, POOL_PRICE * 30 / 100, "worker stake");
        eq(d.schedulerRewardRatio, 1, "scheduler ratio");
        eq(d.sponsor, requester, "sponsor");
        eq(frozen(requester), (APP_PRICE + DATASET_PRICE + POOL_PRICE) * 3, "requester pays");
        eq(frozen(poolOwner), (POOL_PRICE * 30 / 100) * 3, "pool stakes");
        eq(hub.balanceOf(address(hub)), frozen(requester) + frozen(poolOwner), "hub holds");
    }

    function test_EmitsInOrder() public {
        Orders memory o = sign(draft());
        uint256 price = APP_PRICE + DATASET_PRICE + POOL_PRICE;
        uint256 stake = POOL_PRICE * 30 / 100;
        bytes32 requestHash = digest(hasher.request(o.request));
        bytes32 dealid = keccak256(abi.encode(requestHash, uint256(0)));
        bytes32[3] memory hashes =
            [digest(hasher.app(o.app)), digest(hasher.dataset(o.dataset)), digest(hasher.workerpool(o.workerpool))];
        expectNext();
        emit IERC20.Transfer(requester, address(hub), price);
        expectNext();
        emit IEscrow.Lock(requester, price);
        expectNext();
        emit IERC20.Transfer(poolOwner, address(hub), stake);
        expectNext();
        emit IEscrow.Lock(poolOwner, stake);
        expectNext();
        emit IMatching.SchedulerNotice(pool, dealid);
        expectNext();
        emit IMatching.OrdersMatched(dealid, hashes[0], hashes[1], hashes[2], requestHash, 1);
        matchAll(o);
    }

    function test_SponsorPays() public {
        fund(stranger, 10e9);
        Orders memory o = sign(draft());
        bytes32 dealid = keccak256(abi.encode(digest(hasher.request(o.request)), uint256(0)));
        expectNext();
        emit IMatching.DealSponsored(dealid, stranger);
        vm.prank(stranger);
        matchSponsored(o);
        eq(hub.viewDeal(dealid).sponsor, stranger, "sponsor");
        eq(frozen(requester), 0, "requester pays nothing");
        eq(frozen(stranger), APP_PRICE + DATASET_PRICE + POOL_PRICE, "sponsor pays");
    }

    function test_SecondDealContinuesTheOrder() public {
        Orders memory o = draft();
        o.request.volume = 5;
        o.workerpool.volume = 3;
        o = sign(o);
        matchAll(o);
        o.workerpool.salt = "w2";
        bytes32 second = matchAll(sign(o));
        Deal memory d = hub.viewDeal(second);
        eq(d.botFirst, 3, "first");
        eq(d.botSize, 2, "size");
        eq(second, keccak256(abi.encode(digest(hasher.request(o.request)), uint256(3))), "deal id");
        expectEmpty();
        hub.initialize(second, 2);
        hub.initialize(second, 4);
        expectEmpty();
        hub.initialize(second, 5);
    }

    function test_VolumeIsTheLeastLeft() public {
        Orders memory o = draft();
        (o.app.volume, o.dataset.volume, o.workerpool.volume, o.request.volume) = (9, 7, 8, 10);
        o = sign(o);
        eq(hub.computeDealVolume(o.app, o.dataset, o.workerpool, o.request), 7, "dataset");
        matchAll(o);
        eq(hub.computeDealVolume(o.app, o.dataset, o.workerpool, o.request), 0, "used up");
        o = withoutDataset(o);
        eq(hub.computeDealVolume(o.app, o.dataset, o.workerpool, o.request), 1, "pool");
        eq(hub.viewConsumed(digest(hasher.app(o.app))), 7, "app consumed");
        eq(hub.viewConsumed(digest(hasher.workerpool(o.workerpool))), 7, "pool consumed");
    }

    function test_WithoutDataset_PriceAndVolumeOfTheNullOrderDoNotCount() public {
        Orders memory o = withoutDataset(draft());
        o.dataset.datasetprice = 7;
        o.request.datasetmaxprice = 7;
        Deal memory d = hub.viewDeal(matchAll(sign(o)));
        eq(d.dataset.price, 0, "price");
        eq(d.dataset.owner, address(0), "owner");
        eq(frozen(requester), APP_PRICE + POOL_PRICE, "locked");
    }

    function test_WithoutDataset_TagOfTheNullOrderCounts() public {
        Orders memory o = withoutDataset(draft());
        o.workerpool.tag = bytes32(uint256(0x100));
        o.dataset.tag = bytes32(uint256(0x100));
        eq(hub.viewDeal(matchAll(sign(o))).tag, bytes32(uint256(0x100)), "tag");
    }

    function test_TrustZeroBecomesOne() public {
        Orders memory o = draft();
        o.request.trust = 0;
        eq(hub.viewDeal(matchAll(sign(o))).trust, 1, "trust");
    }

    function test_PolicyIsReadAtMatch() public {
        Orders memory o = sign(draft());
        vm.prank(poolOwner);
        IWorkerpool(pool).changePolicy(35, 5);
        Deal memory d = hub.viewDeal(matchAll(o));
        eq(d.workerStake, POOL_PRICE * 35 / 100, "stake");
        eq(d.schedulerRewardRatio, 5, "ratio");
    }

    function test_StakeThatNobodyCanPayIsRefused() public {
        Orders memory o = sign(draft());
        vm.prank(poolOwner);
        IWorkerpool(pool).changePolicy(1e40, 5);
        vm.expectRevert();
        matchAll(o);
    }

    function test_SoldAssetNeedsNewOrders() public {
        Orders memory o = sign(draft());
        vm.prank(appOwner);
        apps.transferFrom(appOwner, stranger, uint256(uint160(app)));
        refused(o, "0x21");
        o.app.sign = signature(STRANGER_KEY, digest(hasher.app(o.app)));
        eq(hub.viewDeal(matchAll(o)).app.owner, stranger, "new owner");
    }

    function test_00_Category() public {
        Orders memory o = draft();
        o.request.category = 2;
        refused(sign(o), "0x00");
    }

    function test_01_UnknownCategory() public {
        Orders memory o = draft();
        (o.request.category, o.workerpool.category) = (5, 5);
        refused(sign(o), "0x01");
    }

    function test_02_Trust() public {
        Orders memory o = draft();
        o.request.trust = 1001;
        refused(sign(o), "0x02");
    }

    function test_03_AppPrice() public {
        Orders memory o = draft();
        o.app.appprice += 1;
        refused(sign(o), "0x03");
    }

    function test_04_DatasetPrice() public {
        Orders memory o = withoutDataset(draft());
        o.dataset.datasetprice = 1;
        refused(sign(o), "0x04");
    }

    function test_05_PoolPrice() public {
        Orders memory o = draft();
        o.workerpool.workerpoolprice += 1;
        refused(sign(o), "0x05");
    }

    function test_10_App() public {
        Orders memory o = draft();
        o.request.app = stranger;
        refused(sign(o), "0x10");
    }

    function test_11_Dataset() public {
        Orders memory o = draft();
        o.request.dataset = stranger;
        refused(sign(o), "0x11");
    }

    function test_NoCode_HasNoOwner() public {
        Orders memory o = draft();
        (o.app.app, o.request.app) = (stranger, stranger);
        o = sign(o);
        expectEmpty();
        matchAll(o);
        o = draft();
        o.workerpool.workerpool = stranger;
        o = sign(o);
        expectEmpty();
        matchAll(o);
    }

    function test_20_AppNotRegistered() public {
        Orders memory o = draft();
        o.app.app = address(new UnregisteredAsset(appOwner));
        o.request.app = o.app.app;
        refused(sign(o), "0x20");
    }

    /// An asset of an older registry is asked for its owner itself.
    function test_AppOfAnOlderRegistry() public {
        address newer = vm.deployCode("AppRegistry.sol:AppRegistry", abi.encode(OWNER));
        vm.startPrank(OWNER);
        hub.changeRegistries(newer, address(datasets), address(workerpools));
        vm.stopPrank();
        Orders memory o = sign(draft());
        refused(o, "0x20");
        vm.prank(OWNER);
        IRegistry(newer).initialize(address(apps));
        eq(hub.viewDeal(matchAll(o)).app.owner, appOwner, "owner");
    }

    function test_30_DatasetNotRegistered() public {
        Orders memory o = draft();
        o.dataset.dataset = address(new UnregisteredAsset(datasetOwner));
        o.request.dataset = o.dataset.dataset;
        refused(sign(o), "0x30");
    }

    function test_40_PoolNotRegistered() public {
        Orders memory o = draft();
        o.workerpool.workerpool = address(new UnregisteredAsset(poolOwner));
        refused(sign(o), "0x40");
    }

    function test_21_31_41_50_WrongSigner() public {
        Orders memory o = sign(draft());
        bytes memory wrong = signature(STRANGER_KEY, digest(hasher.app(o.app)));
        o.app.sign = wrong;
        refused(o, "0x21");
        o = sign(o);
        o.dataset.sign = wrong;
        refused(o, "0x31");
        o = sign(o);
        o.workerpool.sign = wrong;
        refused(o, "0x41");
        o = sign(o);
        o.request.sign = wrong;
        refused(o, "0x50");
        o.request.sign = "";
        expectText("invalid-signature-format");
        matchAll(o);
    }

    function test_60_NothingLeft() public {
        Orders memory o = sign(draft());
        matchAll(o);
        refused(o, "0x60");
    }

    function test_Funds() public {
        Orders memory o = sign(draft());
        vm.prank(requester);
        hub.withdraw(1000e9);
        expectText("IexecEscrow: Transfer amount exceeds balance");
        matchAll(o);
        fund(requester, 1000e9);
        vm.prank(poolOwner);
        hub.withdraw(1000e9);
        expectText("IexecEscrow: Transfer amount exceeds balance");
        matchAll(o);
    }

    function test_NobodySignsForAddressZero() public {
        Orders memory o = sign(draft());
        o.request.requester = address(0);
        o.request.sign = new bytes(65);
        refused(o, "0x50");
    }

    function test_Tags() public {
        string memory file = vm.readFile("../tests/vectors/tags.json");
        for (uint256 i; vm.keyExistsJson(file, path(i, "")); ++i) {
            Orders memory o = draft();
            o.request.salt = bytes32(i);
            o.app.tag = vm.parseJsonBytes32(file, path(i, ".app"));
            o.dataset.tag = vm.parseJsonBytes32(file, path(i, ".dataset"));
            o.request.tag = vm.parseJsonBytes32(file, path(i, ".request"));
            o.workerpool.tag = vm.parseJsonBytes32(file, path(i, ".workerpool"));
            string memory outcome = vm.parseJsonString(file, path(i, ".outcome"));
            o = sign(o);
            if (keccak256(bytes(outcome)) != keccak256("match")) {
                expectText(outcome);
                matchAll(o);
            } else {
                eq(hub.viewDeal(matchAll(o)).tag, vm.parseJsonBytes32(file, path(i, ".deal")), "deal tag");
            }
        }
    }

    function testFuzz_FundsAndVolumes(uint256 a, uint256 d, uint256 p, uint256 va, uint256 vr, uint256 vw) public {
        Orders memory o = draft();
        o.app.appprice = o.request.appmaxprice = bound(a, 0, 10e9);
        o.dataset.datasetprice = o.request.datasetmaxprice = bound(d, 0, 10e9);
        o.workerpool.workerpoolprice = o.request.workerpoolmaxprice = bound(p, 0, 10e9);
        (o.app.volume, o.request.volume, o.workerpool.volume) = (bound(va, 1, 30), bound(vr, 1, 30), bound(vw, 1, 30));
        o.dataset.volume = 30;
        uint256 volume = o.app.volume < o.request.volume ? o.app.volume : o.request.volume;
        if (o.workerpool.volume < volume) volume = o.workerpool.volume;
        o = sign(o);
        eq(hub.computeDealVolume(o.app, o.dataset, o.workerpool, o.request), volume, "volume");
        matchAll(o);
        uint256 price = o.app.appprice + o.dataset.datasetprice + o.workerpool.workerpoolprice;
        eq(frozen(requester), price * volume, "price");
        eq(frozen(poolOwner), (o.workerpool.workerpoolprice * 30 / 100) * volume, "stake");
        eq(hub.viewConsumed(digest(hasher.request(o.request))), volume, "consumed");
    }

    function refused(Orders memory o, string memory code) internal {
        expectText(string.concat("iExecV5-matchOrders-", code));
        matchAll(o);
    }

    function expectNext() private {
        vm.expectEmit(true, true, true, true, address(hub));
    }

    function path(uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(".matches[", vm.toString(i), "]", field);
    }
}
