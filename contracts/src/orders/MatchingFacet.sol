// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Classic} from "../classic/Classic.sol";
import {DealRecord, Deals} from "../classic/Deals.sol";
import {Ledger} from "../escrow/Ledger.sol";
import {IMatching} from "../interfaces/IMatching.sol";
import {IRegistryEntry, IWorkerpool} from "../interfaces/IRegistryEntry.sol";
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

    /// Facts of a match, gathered once.
    struct Match {
        bytes32 dealid;
        bytes32 tag;
        address sponsor;
        uint256 botFirst;
        uint256 volume;
        Authentication.Parties parties;
    }

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

        DealRecord storage deal = Classic.load().deals[dealId];
        _ensure(deal.requester != address(0), "Deal not found");
        _ensure(deal.dataset == address(0), "Deal already has a dataset");
        _ensure(datasetOrder.apprestrict.allows(deal.app), "App restriction not satisfied");
        _ensure(datasetOrder.workerpoolrestrict.allows(deal.workerpool), "Workerpool restriction not satisfied");
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
        Match memory m;
        m.sponsor = sponsor;
        m.tag = Matching.checkTerms(a, d, w, r);
        Matching.checkParties(a, d, w, r);
        m.parties = Authentication.check(a, d, w, r);
        m.volume = _volume(a, d, w, r, m.parties);
        require(m.volume > 0, "iExecV5-matchOrders-0x60");
        m.botFirst = OrderBook.load().consumed[m.parties.requestHash];
        m.dealid = Deals.id(m.parties.requestHash, m.botFirst);

        _consume(m);
        _lockFunds(a, d, w, m);
        DealRecord storage deal = Classic.load().deals[m.dealid];
        _recordAssets(deal, a, d, w, m);
        _recordRequest(deal, r, m);

        emit SchedulerNotice(w.workerpool, m.dealid);
        emit OrdersMatched(
            m.dealid,
            m.parties.appHash,
            m.parties.datasetHash,
            m.parties.workerpoolHash,
            m.parties.requestHash,
            m.volume
        );
        return m.dealid;
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

    function _consume(Match memory m) private {
        mapping(bytes32 => uint256) storage consumed = OrderBook.load().consumed;
        consumed[m.parties.appHash] += m.volume;
        if (m.parties.datasetHash != 0) consumed[m.parties.datasetHash] += m.volume;
        consumed[m.parties.workerpoolHash] += m.volume;
        consumed[m.parties.requestHash] = m.botFirst + m.volume;
    }

    function _lockFunds(AppOrder calldata a, DatasetOrder calldata d, WorkerpoolOrder calldata w, Match memory m)
        private
    {
        uint256 price = a.appprice + _datasetPrice(d) + w.workerpoolprice;
        Ledger.lock(m.sponsor, price * m.volume);
        Ledger.lock(m.parties.workerpoolOwner, Deals.poolStake(w.workerpoolprice) * m.volume);
    }

    /// Prices fit 96 bits: they were locked. The worker stake is checked: its ratio has no bound.
    function _recordAssets(
        DealRecord storage deal,
        AppOrder calldata a,
        DatasetOrder calldata d,
        WorkerpoolOrder calldata w,
        Match memory m
    ) private {
        IWorkerpool pool = IWorkerpool(w.workerpool);
        deal.workerpoolOwner = m.parties.workerpoolOwner;
        deal.workerStake = SafeCast.toUint96((w.workerpoolprice * pool.m_workerStakeRatioPolicy()) / 100);
        deal.appOwner = m.parties.appOwner;
        deal.appPrice = uint96(a.appprice);
        deal.datasetOwner = m.parties.datasetOwner;
        deal.datasetPrice = uint96(_datasetPrice(d));
        deal.sponsor = m.sponsor;
        deal.workerpoolPrice = uint96(w.workerpoolprice);
        deal.workerpool = w.workerpool;
        deal.schedulerRewardRatio = SafeCast.toUint8(pool.m_schedulerRewardRatioPolicy());
        deal.app = a.app;
        deal.dataset = d.dataset;
    }

    function _recordRequest(DealRecord storage deal, RequestOrder calldata r, Match memory m) private {
        deal.tag = m.tag;
        deal.trust = Math.max(r.trust, 1);
        deal.startTime = uint40(block.timestamp);
        deal.category = uint32(r.category);
        deal.botFirst = m.botFirst;
        deal.botSize = m.volume;
        deal.callback = r.callback;
        deal.requester = r.requester;
        deal.beneficiary = r.beneficiary;
        deal.params = r.params;
    }

    /// The order of a data set that is not there costs nothing.
    function _datasetPrice(DatasetOrder calldata d) private pure returns (uint256) {
        return d.dataset == address(0) ? 0 : d.datasetprice;
    }
}
