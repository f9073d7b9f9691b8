// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Reader, readerOf} from "../blobs/Reader.sol";
import {packUints, widthOf} from "../blobs/packUints.sol";

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
///   the eleven numbers of NUMBERS, `width` bytes each: as many as the largest needs
///   sponsor 20                          with SPONSORED, else it is the requester
///   beneficiary 20                      with BENEFITS_OTHER, else it is the requester
///   callback 20                         with CALLBACK, else zero
///   dataset 20, datasetOwner 20         with DATASET, else zero
///   tag 32                              with TAG, else zero
///
/// Deals on chain have this format for good: change it only by a new flag. snapshots/terms.json holds examples.
library TermsFormat {
    uint8 internal constant SPONSORED = 1;
    uint8 internal constant BENEFITS_OTHER = 2;
    uint8 internal constant CALLBACK = 4;
    uint8 internal constant DATASET = 8;
    uint8 internal constant TAG = 16;
    uint256 internal constant NUMBERS = 11;

    function pack(Terms memory t, bytes memory params) internal pure returns (bytes memory) {
        uint8 flags = _flags(t);
        uint256[] memory numbers = _numbers(t);
        uint256 width = widthOf(numbers);
        return bytes.concat(
            abi.encodePacked(flags, uint8(width)),
            abi.encodePacked(t.dealid, t.workerpoolOwner, t.appOwner, t.requester, t.workerpool, t.app),
            packUints(numbers, width),
            _packExtras(t, flags),
            params
        );
    }

    /// @return t the terms
    /// @return rest where `params` begin
    function unpack(bytes memory packed) internal pure returns (Terms memory t, Reader rest) {
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
        rest = _unpackExtras(t, _unpackNumbers(t, r, width), flags);
    }

    function _numbers(Terms memory t) private pure returns (uint256[] memory numbers) {
        numbers = new uint256[](NUMBERS);
        numbers[0] = t.workerpoolPrice;
        numbers[1] = t.appPrice;
        numbers[2] = t.datasetPrice;
        numbers[3] = t.workerStake;
        numbers[4] = t.schedulerRewardRatio;
        numbers[5] = t.trust;
        numbers[6] = t.category;
        numbers[7] = t.timeref;
        numbers[8] = t.startTime;
        numbers[9] = t.botFirst;
        numbers[10] = t.botSize;
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

    function _flags(Terms memory t) private pure returns (uint8 flags) {
        if (t.sponsor != t.requester) flags |= SPONSORED;
        if (t.beneficiary != t.requester) flags |= BENEFITS_OTHER;
        if (t.callback != address(0)) flags |= CALLBACK;
        if (t.dataset != address(0)) flags |= DATASET;
        if (t.tag != 0) flags |= TAG;
    }

    function _packExtras(Terms memory t, uint256 flags) private pure returns (bytes memory extras) {
        if (_has(flags, SPONSORED)) extras = abi.encodePacked(t.sponsor);
        if (_has(flags, BENEFITS_OTHER)) extras = abi.encodePacked(extras, t.beneficiary);
        if (_has(flags, CALLBACK)) extras = abi.encodePacked(extras, t.callback);
        if (_has(flags, DATASET)) extras = abi.encodePacked(extras, t.dataset, t.datasetOwner);
        if (_has(flags, TAG)) extras = abi.encodePacked(extras, t.tag);
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
