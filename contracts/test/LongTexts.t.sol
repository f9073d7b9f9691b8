// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Blob, MAX_BLOB_SIZE} from "../src/blobs/Blob.sol";
import {Classic} from "../src/classic/Classic.sol";
import {Deals} from "../src/classic/Deals.sol";
import {Outcome, Results} from "../src/classic/Results.sol";
import {Terms, TermsFormat} from "../src/classic/Terms.sol";
import {TestBase} from "./support/TestBase.sol";

/// Texts go into the blob as long as they fit, else to storage, and are read back from either.
contract LongTextsTest is TestBase {
    Blob private constant TERMS = Blob.wrap(address(0x7E43));
    /// Beside results and callback data: flags, two addresses, a digest, an address, a length.
    uint256 private constant RESULTS_SIZE = 1 + 20 + 20 + 32 + 20 + 2;

    function test_ParamsStayInTheBlobUpToTheLongest() public {
        uint256 fit = MAX_BLOB_SIZE - this.pack(terms(""), "").length;
        for (uint256 length = fit - 2; length <= fit + 2; ++length) {
            bytes memory params = text(length);
            Terms memory deal = terms(bytes32(length));
            this.storeDeal(deal, string(params));
            bool long = length > fit;
            eq(bytes(Classic.load().longParams[deal.dealid]).length, long ? length : 0, "in storage");
            uint256 size = MAX_BLOB_SIZE + 1 - (long ? fit : fit - length);
            eq(Blob.unwrap(Classic.load().deals[deal.dealid]).code.length, size, "in the blob");
            eq(bytes(Deals.view_(deal.dealid).params), params, "read back");
            eq(Deals.view_(deal.dealid).trust, 8, "terms");
        }
    }

    function test_TheShortestParamsAreReadBack() public {
        Terms memory deal = terms("deal");
        this.storeDeal(deal, "x");
        eq(Deals.view_("deal").params, "x", "one byte");
    }

    function test_ResultsStayInTheBlobUpToTheLongest() public {
        uint256 fit = MAX_BLOB_SIZE - RESULTS_SIZE;
        for (uint256 length = fit - 2; length <= fit + 2; ++length) {
            checkResults(bytes32(length), text(length), "");
            checkResults(bytes32(length + 10), text(1), text(length - 1));
            checkResults(bytes32(length + 20), "", text(length));
        }
    }

    /// What is not there takes no room, and what follows it is read all the same.
    function test_EachPartOfAnOutcomeTakesItsOwnBytes() public {
        for (uint256 parts; parts < 4; ++parts) {
            Outcome memory outcome = Outcome(TERMS, address(0), 0, address(0));
            if (parts & 1 != 0) (outcome.onlyWorker, outcome.digest) = (address(0xA11CE), "digest");
            if (parts & 2 != 0) outcome.enclaveChallenge = address(0xE7C);
            Blob blob = this.storeResults(bytes32(parts), outcome, "where", "data");
            uint256 size = 1 + 1 + 20 + (parts & 1) * 52 + (parts >> 1) * 20 + 2 + 9;
            eq(Blob.unwrap(blob).code.length, size, "size");
            eq(abi.encode(Results.outcomeOf(blob)), abi.encode(outcome), "outcome");
            (bytes memory results, bytes memory data) = Results.load(blob, bytes32(parts));
            eq(results, "where", "results");
            eq(data, "data", "callback data");
        }
    }

    function test_LongResultsLeaveTheTermsAloneInTheBlob() public {
        bytes memory results = text(MAX_BLOB_SIZE);
        Blob blob = this.storeResults("task", Outcome(TERMS, address(0), 0, address(0)), results, "data");
        eq(Blob.unwrap(blob).code.length, 1 + 1 + 20, "size");
        (bytes memory got, bytes memory data) = Results.load(blob, "task");
        eq(got, results, "results");
        eq(data, "data", "callback data");
    }

    function checkResults(bytes32 taskid, bytes memory results, bytes memory data) private {
        Outcome memory outcome = Outcome(TERMS, address(0xA11CE), "digest", address(0xE7C));
        Blob blob = this.storeResults(taskid, outcome, results, data);
        uint256 length = results.length + data.length;
        bool long = RESULTS_SIZE + length > MAX_BLOB_SIZE;
        Classic.LongResults storage kept = Classic.load().longResults[taskid];
        eq(kept.results.length + kept.resultsCallback.length, long ? length : 0, "in storage");
        eq(Blob.unwrap(blob).code.length, 1 + RESULTS_SIZE + (long ? 0 : length) - (long ? 2 : 0), "in the blob");
        eq(abi.encode(Results.outcomeOf(blob)), abi.encode(outcome), "outcome");
        (bytes memory gotResults, bytes memory gotData) = Results.load(blob, taskid);
        eq(gotResults, results, "results");
        eq(gotData, data, "callback data");
    }

    // -- doors for calldata

    function pack(Terms memory deal, bytes calldata params) external pure returns (bytes memory) {
        return TermsFormat.pack(deal, params);
    }

    function storeDeal(Terms memory deal, string calldata params) external {
        Deals.store(deal, params);
    }

    function storeResults(bytes32 taskid, Outcome memory outcome, bytes calldata results, bytes calldata data)
        external
        returns (Blob)
    {
        return Results.store(taskid, outcome, results, data);
    }

    function terms(bytes32 dealid) private pure returns (Terms memory t) {
        t.dealid = dealid;
        (t.app, t.appOwner, t.appPrice) = (address(1), address(2), 1_000_000);
        (t.workerpool, t.workerpoolOwner, t.workerpoolPrice) = (address(3), address(4), 100_000_000);
        (t.requester, t.beneficiary, t.sponsor) = (address(5), address(5), address(5));
        (t.category, t.timeref, t.startTime, t.botSize, t.trust) = (1, 1200, 1_700_000_000, 20, 8);
    }

    /// Words that all differ; the last one may be cut.
    function text(uint256 length) private pure returns (bytes memory made) {
        made = new bytes(length);
        for (uint256 i = 32; i <= length; i += 32) {
            bytes32 word = keccak256(abi.encode(i));
            assembly ("memory-safe") {
                mstore(add(made, i), word)
            }
        }
        if (length > 0) made[length - 1] = 0x7F;
    }
}
