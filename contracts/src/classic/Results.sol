// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Blob, MAX_BLOB_SIZE, writeBlob} from "../blobs/Blob.sol";
import {Reader, readerOf} from "../blobs/Reader.sol";
import {Classic} from "./Classic.sol";

/// What a completed task leaves, in one blob: address of the deal's terms 20, length of the results 2, results, callback
/// data. Results too long for a blob go to storage; the blob then holds the address alone.
library Results {
    uint256 private constant ADDRESS_SIZE = 20;

    function store(bytes32 taskid, Blob terms, bytes calldata results, bytes calldata resultsCallback)
        internal
        returns (Blob)
    {
        if (ADDRESS_SIZE + 2 + results.length + resultsCallback.length > MAX_BLOB_SIZE) {
            Classic.load().longResults[taskid] = Classic.LongResults(results, resultsCallback);
            return writeBlob(abi.encodePacked(Blob.unwrap(terms)));
        }
        return writeBlob(abi.encodePacked(Blob.unwrap(terms), uint16(results.length), results, resultsCallback));
    }

    function termsOf(Blob blob) internal view returns (Blob) {
        (address terms,) = readerOf(blob.read()).takeAddress();
        return Blob.wrap(terms);
    }

    function load(Blob blob, bytes32 taskid)
        internal
        view
        returns (bytes memory results, bytes memory resultsCallback)
    {
        bytes memory packed = blob.read();
        if (packed.length == ADDRESS_SIZE) {
            Classic.LongResults storage found = Classic.load().longResults[taskid];
            return (found.results, found.resultsCallback);
        }
        (, Reader r) = readerOf(packed).takeAddress();
        uint256 length;
        (length, r) = r.takeUint(2);
        (results, r) = r.takeBytes(length);
        resultsCallback = r.takeRest(packed);
    }
}
