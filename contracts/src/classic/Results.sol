// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Blob, MAX_BLOB_SIZE, writeBlob} from "../blobs/Blob.sol";
import {Reader, readerOf} from "../blobs/Reader.sol";
import {Writer, newBuffer, seal} from "../blobs/Writer.sol";
import {Classic} from "./Classic.sol";

/// How a task ended.
struct Outcome {
    Blob terms;
    /// the worker of contributeAndFinalize, whose contribution is nowhere else; zero when the votes say who worked
    address onlyWorker;
    /// the rest of that contribution
    bytes32 digest;
    address enclaveChallenge;
}

/// Bytes of a completed task's blob:
///
///   flags 1, terms 20
///   onlyWorker 20, digest 32       with ONLY
///   enclaveChallenge 20            with ENCLAVE
///   length of the results 2, results, callback data up to the end; with LONG they are in Classic.longResults
///
/// Tasks on chain have this format for good: change it only by a new flag. snapshots/formats.json holds examples.
library Results {
    uint256 private constant ONLY = 1;
    uint256 private constant ENCLAVE = 2;
    uint256 private constant LONG = 4;
    /// Most bytes beside results and callback data.
    uint256 private constant MAX_SIZE = 1 + 20 + 20 + 32 + 20 + 2;

    function store(bytes32 taskid, Outcome memory outcome, bytes calldata results, bytes calldata resultsCallback)
        internal
        returns (Blob)
    {
        uint256 size = MAX_SIZE + results.length + resultsCallback.length;
        bool long = size > MAX_BLOB_SIZE;
        (bytes memory packed, Writer w) = newBuffer(long ? MAX_SIZE : size);
        w = _pack(outcome, w, long);
        if (long) Classic.load().longResults[taskid] = Classic.LongResults(results, resultsCallback);
        else w = w.putUint(results.length, 2).putBytes(results).putBytes(resultsCallback);
        seal(packed, w);
        return writeBlob(packed);
    }

    function outcomeOf(Blob blob) internal view returns (Outcome memory outcome) {
        unpack(blob.read(), outcome);
    }

    function load(Blob blob, bytes32 taskid)
        internal
        view
        returns (bytes memory results, bytes memory resultsCallback)
    {
        bytes memory packed = blob.read();
        Outcome memory outcome;
        (Reader r, bool long) = unpack(packed, outcome);
        if (long) {
            Classic.LongResults storage found = Classic.load().longResults[taskid];
            return (found.results, found.resultsCallback);
        }
        uint256 length;
        (length, r) = r.takeUint(2);
        (results, r) = r.takeBytes(length);
        resultsCallback = r.takeRest(packed);
    }

    /// Fills `outcome`, which must be new.
    /// @return r where the length of the results stands
    /// @return long whether they are elsewhere
    function unpack(bytes memory packed, Outcome memory outcome) internal pure returns (Reader r, bool long) {
        r = readerOf(packed);
        uint256 flags;
        address terms;
        (flags, r) = r.takeUint(1);
        (terms, r) = r.takeAddress();
        outcome.terms = Blob.wrap(terms);
        if (flags & ONLY != 0) {
            (outcome.onlyWorker, r) = r.takeAddress();
            (outcome.digest, r) = r.takeWord();
        }
        if (flags & ENCLAVE != 0) (outcome.enclaveChallenge, r) = r.takeAddress();
        long = flags & LONG != 0;
    }

    function _pack(Outcome memory outcome, Writer w, bool long) private pure returns (Writer) {
        uint256 flags = long ? LONG : 0;
        if (outcome.onlyWorker != address(0)) flags |= ONLY;
        if (outcome.enclaveChallenge != address(0)) flags |= ENCLAVE;
        w = w.putUint(flags, 1).putAddress(Blob.unwrap(outcome.terms));
        if (flags & ONLY != 0) w = w.putAddress(outcome.onlyWorker).putWord(outcome.digest);
        if (flags & ENCLAVE != 0) w = w.putAddress(outcome.enclaveChallenge);
        return w;
    }
}
