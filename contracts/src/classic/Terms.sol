// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Reader, readerOf} from "../blobs/Reader.sol";
import {Writer, newBuffer, seal} from "../blobs/Writer.sol";

/// What was agreed at the match. Prices and stakes in nRLC per task, times in seconds.
struct Terms {
    bytes32 dealid;
    address app;
    address appOwner;
    uint256 appPrice;
    /// zero: no data set
    address dataset;
    address datasetOwner;
    uint256 datasetPrice;
    address workerpool;
    address workerpoolOwner;
    uint256 workerpoolPrice;
    uint256 workerStake;
    /// the scheduler's part of the workers' reward in percent
    uint256 schedulerRewardRatio;
    address requester;
    address beneficiary;
    address callback;
    /// who pays
    address sponsor;
    uint256 category;
    /// unit of the deadlines
    uint256 timeref;
    uint256 startTime;
    /// number of the deal's first task, counted from the request order's first
    uint256 botFirst;
    uint256 botSize;
    uint256 trust;
    bytes32 tag;
}

/// Bytes of a deal's blob. The terms, then `params` up to the end:
///
///   flags 1, width 1
///   dealid 32, workerpoolOwner 20, appOwner 20, requester 20, workerpool 20, app 20
///   workerpoolPrice, appPrice, datasetPrice, workerStake, schedulerRewardRatio, trust, category, timeref, startTime,
///   botFirst, botSize                   `width` bytes each: as many as the largest needs
///   sponsor 20                          with SPONSORED, else it is the requester
///   beneficiary 20                      with BENEFITS_OTHER, else it is the requester
///   callback 20                         with CALLBACK, else zero
///   dataset 20, datasetOwner 20         with DATASET, else zero
///   tag 32                              with TAG, else zero
///
/// Deals on chain have this format for good: change it only by a new flag. snapshots/formats.json holds examples.
library TermsFormat {
    uint256 private constant SPONSORED = 1;
    uint256 private constant BENEFITS_OTHER = 2;
    uint256 private constant CALLBACK = 4;
    uint256 private constant DATASET = 8;
    uint256 private constant TAG = 16;
    /// Most bytes the terms take: flags and width, eleven numbers, dealid and tag, ten addresses.
    uint256 private constant MAX_SIZE = 2 + 11 * 32 + 2 * 32 + 10 * 20;

    function pack(Terms memory t, bytes calldata params) internal pure returns (bytes memory packed) {
        uint256 flags = _flags(t);
        uint256 width = _widthOfNumbers(t);
        Writer w;
        (packed, w) = newBuffer(MAX_SIZE + params.length);
        w = w.putUint(flags, 1).putUint(width, 1).putWord(t.dealid).putAddress(t.workerpoolOwner);
        w = w.putAddress(t.appOwner).putAddress(t.requester).putAddress(t.workerpool).putAddress(t.app);
        w = _packExtras(t, _packNumbers(t, w, width), flags);
        seal(packed, w.putBytes(params));
    }

    /// Fills `t`, which must be new.
    /// @return rest where `params` begin
    function unpack(bytes memory packed, Terms memory t) internal pure returns (Reader rest) {
        Reader r = readerOf(packed);
        uint256 flags;
        uint256 width;
        (flags, r) = r.takeUint(1);
        (width, r) = r.takeUint(1);
        (t.dealid, r) = r.takeWord();
        (t.workerpoolOwner, r) = r.takeAddress();
        (t.appOwner, r) = r.takeAddress();
        (t.requester, r) = r.takeAddress();
        (t.workerpool, r) = r.takeAddress();
        (t.app, r) = r.takeAddress();
        return _unpackExtras(t, _unpackNumbers(t, r, width), flags);
    }

    /// Bytes that the largest number needs, 1 to 32.
    function _widthOfNumbers(Terms memory t) private pure returns (uint256) {
        uint256 all = t.workerpoolPrice | t.appPrice | t.datasetPrice | t.workerStake | t.schedulerRewardRatio;
        all |= t.trust | t.category | t.timeref | t.startTime | t.botFirst | t.botSize;
        return Math.log256(all) + 1;
    }

    function _packNumbers(Terms memory t, Writer w, uint256 width) private pure returns (Writer) {
        w = w.putUint(t.workerpoolPrice, width).putUint(t.appPrice, width).putUint(t.datasetPrice, width);
        w = w.putUint(t.workerStake, width).putUint(t.schedulerRewardRatio, width).putUint(t.trust, width);
        w = w.putUint(t.category, width).putUint(t.timeref, width).putUint(t.startTime, width);
        return w.putUint(t.botFirst, width).putUint(t.botSize, width);
    }

    function _unpackNumbers(Terms memory t, Reader r, uint256 width) private pure returns (Reader) {
        (t.workerpoolPrice, r) = r.takeUint(width);
        (t.appPrice, r) = r.takeUint(width);
        (t.datasetPrice, r) = r.takeUint(width);
        (t.workerStake, r) = r.takeUint(width);
        (t.schedulerRewardRatio, r) = r.takeUint(width);
        (t.trust, r) = r.takeUint(width);
        (t.category, r) = r.takeUint(width);
        (t.timeref, r) = r.takeUint(width);
        (t.startTime, r) = r.takeUint(width);
        (t.botFirst, r) = r.takeUint(width);
        (t.botSize, r) = r.takeUint(width);
        return r;
    }

    function _flags(Terms memory t) private pure returns (uint256 flags) {
        if (t.sponsor != t.requester) flags |= SPONSORED;
        if (t.beneficiary != t.requester) flags |= BENEFITS_OTHER;
        if (t.callback != address(0)) flags |= CALLBACK;
        if (t.dataset != address(0)) flags |= DATASET;
        if (t.tag != 0) flags |= TAG;
    }

    function _packExtras(Terms memory t, Writer w, uint256 flags) private pure returns (Writer) {
        if (_has(flags, SPONSORED)) w = w.putAddress(t.sponsor);
        if (_has(flags, BENEFITS_OTHER)) w = w.putAddress(t.beneficiary);
        if (_has(flags, CALLBACK)) w = w.putAddress(t.callback);
        if (_has(flags, DATASET)) w = w.putAddress(t.dataset).putAddress(t.datasetOwner);
        if (_has(flags, TAG)) w = w.putWord(t.tag);
        return w;
    }

    function _unpackExtras(Terms memory t, Reader r, uint256 flags) private pure returns (Reader) {
        (t.sponsor, t.beneficiary) = (t.requester, t.requester);
        if (_has(flags, SPONSORED)) (t.sponsor, r) = r.takeAddress();
        if (_has(flags, BENEFITS_OTHER)) (t.beneficiary, r) = r.takeAddress();
        if (_has(flags, CALLBACK)) (t.callback, r) = r.takeAddress();
        if (_has(flags, DATASET)) {
            (t.dataset, r) = r.takeAddress();
            (t.datasetOwner, r) = r.takeAddress();
        }
        if (_has(flags, TAG)) (t.tag, r) = r.takeWord();
        return r;
    }

    function _has(uint256 flags, uint256 flag) private pure returns (bool) {
        return flags & flag != 0;
    }
}
