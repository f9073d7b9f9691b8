// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "../orders/Orders.sol";

/// Deals out of four signed orders.
interface IMatching {
    /// The pool's scheduler has new work.
    event SchedulerNotice(address indexed workerpool, bytes32 dealid);
    /// A deal of `volume` tasks; `datasetHash` is zero without data set.
    event OrdersMatched(
        bytes32 dealid,
        bytes32 appHash,
        bytes32 datasetHash,
        bytes32 workerpoolHash,
        bytes32 requestHash,
        uint256 volume
    );
    /// Somebody else than the requester pays.
    event DealSponsored(bytes32 dealId, address sponsor);

    /// Why a data set order cannot be used with a deal.
    error IncompatibleDatasetOrder(string reason);

    /// Matches four orders for as many tasks as all of them have left; the requester pays. Anybody may call.
    /// Locks (app + data set + pool price) x volume of the requester and floor(30 % of the pool price) x volume of the
    /// pool's owner. Reverts `iExecV5-matchOrders-0x..` with the code of the first rule that fails;
    /// `invalid-signature-format`; without a reason when an asset is no contract with an owner;
    /// `SafeCastOverflowedUintDowncast` when the stake of a worker reaches 2^96 nRLC;
    /// `IexecEscrow: Transfer amount exceeds balance` when somebody cannot pay, and
    /// `IexecEscrow: Transfer from empty address` when nobody should.
    /// A data set order for address zero is not signed, yet its tag, maximum price and restrictions count.
    /// @return dealid keccak256(request order hash, tasks of the order matched before)
    function matchOrders(
        AppOrder calldata apporder,
        DatasetOrder calldata datasetorder,
        WorkerpoolOrder calldata workerpoolorder,
        RequestOrder calldata requestorder
    ) external returns (bytes32 dealid);

    /// Same as {matchOrders}, but the caller pays and gets refunds. Orders do not say who pays: `matchOrders` on the same
    /// orders may come first, which makes the requester pay and this call revert with code 60. A requester that wants to
    /// be sponsored keeps no free balance and no allowance at the hub.
    function sponsorMatchOrders(
        AppOrder calldata apporder,
        DatasetOrder calldata datasetorder,
        WorkerpoolOrder calldata workerpoolorder,
        RequestOrder calldata requestorder
    ) external returns (bytes32 dealid);

    /// Number of tasks a match of these orders would make; neither their compatibility nor signatures are looked at.
    function computeDealVolume(
        AppOrder calldata appOrder,
        DatasetOrder calldata datasetOrder,
        WorkerpoolOrder calldata workerpoolOrder,
        RequestOrder calldata requestOrder
    ) external view returns (uint256);

    /// Whether `sign` is a signature of `account` over `hash`.
    /// Reverts `invalid-signature-format` for an account without code and a length other than 64 or 65.
    function verifySignature(address account, bytes32 hash, bytes calldata sign) external view returns (bool);

    /// Whether `account` recorded its signature of the order with this hash.
    function verifyPresignature(address account, bytes32 hash) external view returns (bool);

    /// Either of the two. Reverts as {verifySignature} when nothing is recorded.
    function verifyPresignatureOrSignature(address account, bytes32 hash, bytes calldata sign)
        external
        view
        returns (bool);

    /// Returns when the data set order allows use in a deal that was made without a data set; reverts
    /// {IncompatibleDatasetOrder} otherwise, `invalid-signature-format` as {verifySignature}. Price and registration are
    /// not looked at; nothing is consumed.
    function assertDatasetDealCompatibility(DatasetOrder calldata datasetOrder, bytes32 dealId) external view;
}
