// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Deals} from "../classic/Deals.sol";
import {Terms} from "../classic/Terms.sol";
import {Ledger} from "../escrow/Ledger.sol";
import {IMatching} from "../interfaces/IMatching.sol";
import {IRegistryEntry, IWorkerpool} from "../interfaces/IRegistryEntry.sol";
import {Deal} from "../interfaces/Views.sol";
import {Authentication} from "./Authentication.sol";
import {Domain} from "./Domain.sol";
import {Matching} from "./Matching.sol";
import {OrderBook} from "./OrderBook.sol";
import {OrderHash} from "./OrderHash.sol";
import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "./Orders.sol";
import {Restrictions} from "./Restrictions.sol";
import {Signatures} from "./Signatures.sol";
import {Tags} from "./Tags.sol";

/// From orders to deals.
contract MatchingFacet is IMatching {
    using Restrictions for address;

    /// @inheritdoc IMatching
    function matchOrders(
        AppOrder calldata apporder,
        DatasetOrder calldata datasetorder,
        WorkerpoolOrder calldata workerpoolorder,
        RequestOrder calldata requestorder
    ) external returns (bytes32 dealid) {
        return _match(apporder, datasetorder, workerpoolorder, requestorder, requestorder.requester);
    }

    /// @inheritdoc IMatching
    function sponsorMatchOrders(
        AppOrder calldata apporder,
        DatasetOrder calldata datasetorder,
        WorkerpoolOrder calldata workerpoolorder,
        RequestOrder calldata requestorder
    ) external returns (bytes32 dealid) {
        dealid = _match(apporder, datasetorder, workerpoolorder, requestorder, msg.sender);
        emit DealSponsored(dealid, msg.sender);
    }

    /// @inheritdoc IMatching
    function computeDealVolume(
        AppOrder calldata appOrder,
        DatasetOrder calldata datasetOrder,
        WorkerpoolOrder calldata workerpoolOrder,
        RequestOrder calldata requestOrder
    ) external view returns (uint256) {
        Authentication.Parties memory p;
        p.appHash = Domain.digest(OrderHash.hash(appOrder));
        p.datasetHash = Domain.digest(OrderHash.hash(datasetOrder));
        p.workerpoolHash = Domain.digest(OrderHash.hash(workerpoolOrder));
        p.requestHash = Domain.digest(OrderHash.hash(requestOrder));
        return _volume(appOrder, datasetOrder, workerpoolOrder, requestOrder, p);
    }

    /// @inheritdoc IMatching
    function verifySignature(address account, bytes32 hash, bytes calldata sign) external view returns (bool) {
        return Signatures.isSignedBy(hash, account, sign);
    }

    /// @inheritdoc IMatching
    function verifyPresignature(address account, bytes32 hash) external view returns (bool) {
        return OrderBook.isPresignedBy(hash, account);
    }

    /// @inheritdoc IMatching
    function verifyPresignatureOrSignature(address account, bytes32 hash, bytes calldata sign)
        external
        view
        returns (bool)
    {
        return Authentication.isSigned(hash, account, sign);
    }

    /// @inheritdoc IMatching
    function assertDatasetDealCompatibility(DatasetOrder calldata datasetOrder, bytes32 dealId) external view {
        bytes32 orderHash = Domain.digest(OrderHash.hash(datasetOrder));
        _ensure(
            OrderBook.load().consumed[orderHash] < datasetOrder.volume, "Dataset order is revoked or fully consumed"
        );
        address owner = IRegistryEntry(datasetOrder.dataset).owner();
        _ensure(Authentication.isSigned(orderHash, owner, datasetOrder.sign), "Invalid dataset order signature");

        Deal memory deal = Deals.view_(dealId);
        _ensure(deal.requester != address(0), "Deal not found");
        _ensure(deal.dataset.pointer == address(0), "Deal already has a dataset");
        _ensure(datasetOrder.apprestrict.allows(deal.app.pointer), "App restriction not satisfied");
        _ensure(datasetOrder.workerpoolrestrict.allows(deal.workerpool.pointer), "Workerpool restriction not satisfied");
        _ensure(datasetOrder.requesterrestrict.allows(deal.requester), "Requester restriction not satisfied");
        _ensure(Tags.within(Tags.ofDataset(datasetOrder.tag), deal.tag), "Tag compatibility not satisfied");
    }

    function _ensure(bool condition, string memory reason) private pure {
        if (!condition) revert IncompatibleDatasetOrder(reason);
    }

    function _match(
        AppOrder calldata a,
        DatasetOrder calldata d,
        WorkerpoolOrder calldata w,
        RequestOrder calldata r,
        address sponsor
    ) private returns (bytes32) {
        Terms memory deal;
        (deal.tag, deal.timeref) = Matching.checkTerms(a, d, w, r);
        Matching.checkParties(a, d, w, r);
        Authentication.Parties memory p = Authentication.check(a, d, w, r);
        deal.botSize = _volume(a, d, w, r, p);
        require(deal.botSize > 0, "iExecV5-matchOrders-0x60");
        deal.botFirst = OrderBook.load().consumed[p.requestHash];
        deal.dealid = Deals.id(p.requestHash, deal.botFirst);
        deal.sponsor = sponsor;
        _fillAssets(deal, a, d, w, p);
        _fillRequest(deal, r);

        _consume(p, deal.botFirst, deal.botSize);
        Ledger.lock(sponsor, Deals.taskPrice(deal) * deal.botSize);
        Ledger.lock(p.workerpoolOwner, Deals.poolStake(w.workerpoolprice) * deal.botSize);
        // Bounded, as its ratio is not; last, so that every other refusal keeps its reason.
        deal.workerStake = SafeCast.toUint96(deal.workerStake);
        Deals.store(deal, r.params);
        emit SchedulerNotice(w.workerpool, deal.dealid);
        emit OrdersMatched(deal.dealid, p.appHash, p.datasetHash, p.workerpoolHash, p.requestHash, deal.botSize);
        return deal.dealid;
    }

    /// Least of what the orders have left.
    function _volume(
        AppOrder calldata a,
        DatasetOrder calldata d,
        WorkerpoolOrder calldata w,
        RequestOrder calldata r,
        Authentication.Parties memory p
    ) private view returns (uint256 volume) {
        volume = OrderBook.remaining(p.appHash, a.volume);
        if (d.dataset != address(0)) volume = Math.min(volume, OrderBook.remaining(p.datasetHash, d.volume));
        volume = Math.min(volume, OrderBook.remaining(p.workerpoolHash, w.volume));
        volume = Math.min(volume, OrderBook.remaining(p.requestHash, r.volume));
    }

    function _consume(Authentication.Parties memory p, uint256 botFirst, uint256 volume) private {
        mapping(bytes32 => uint256) storage consumed = OrderBook.load().consumed;
        consumed[p.appHash] += volume;
        if (p.datasetHash != 0) consumed[p.datasetHash] += volume;
        consumed[p.workerpoolHash] += volume;
        consumed[p.requestHash] = botFirst + volume;
    }

    /// The order of a data set that is not there costs nothing.
    function _fillAssets(
        Terms memory deal,
        AppOrder calldata a,
        DatasetOrder calldata d,
        WorkerpoolOrder calldata w,
        Authentication.Parties memory p
    ) private view {
        (deal.app, deal.appOwner, deal.appPrice) = (a.app, p.appOwner, a.appprice);
        (deal.dataset, deal.datasetOwner) = (d.dataset, p.datasetOwner);
        if (d.dataset != address(0)) deal.datasetPrice = d.datasetprice;
        (deal.workerpool, deal.workerpoolOwner) = (w.workerpool, p.workerpoolOwner);
        deal.workerpoolPrice = w.workerpoolprice;
        IWorkerpool pool = IWorkerpool(w.workerpool);
        deal.workerStake = (w.workerpoolprice * pool.m_workerStakeRatioPolicy()) / 100;
        deal.schedulerRewardRatio = pool.m_schedulerRewardRatioPolicy();
    }

    function _fillRequest(Terms memory deal, RequestOrder calldata r) private view {
        (deal.requester, deal.beneficiary, deal.callback) = (r.requester, r.beneficiary, r.callback);
        deal.category = r.category;
        deal.trust = Math.max(r.trust, 1);
        deal.startTime = block.timestamp;
    }
}
