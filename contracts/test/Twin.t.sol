// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccountView} from "../src/interfaces/IStakedToken.sol";
import {Deployment} from "./support/Deployment.sol";

interface HistoryFiles {
    function readFileBinary(string calldata path) external view returns (bytes memory);
    function envOr(string calldata name, string calldata value) external view returns (string memory);
    function skip(bool skip_, string calldata reason) external;
    function toString(uint256 value) external pure returns (string memory);
    function resetGasMetering() external;
}

/// Random histories that `packages/protocol` played first, played again by the contracts: `twin/writeHistories.ts` writes
/// them and says how long that takes, `twin/packHistory.ts` has the format. After every call its outcome is compared,
/// revert data included, and a fingerprint of all money and scores and of what the call touched.
contract TwinTest is Deployment {
    /// A step went another way than in the twin. `got` is the revert data or what was shown.
    error Differs(uint256 history, uint256 step, string what, bytes got);
    /// The end of a history; it undoes it.
    error Played(uint256 steps);

    uint256 private constant DONE = 1;
    uint256 private constant REFUSED = 2;
    uint256 private constant PLACED = 4;
    HistoryFiles private constant files = HistoryFiles(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// Workers first; only they have scores.
    address[] private watched;
    uint256 private workers;

    function setUp() public {
        deploy();
    }

    function test_Histories() public {
        string memory folder = files.envOr("GLEANER_HISTORY_FOLDER", string(""));
        if (bytes(folder).length == 0) {
            files.skip(true, "the histories come from contracts.test.ts");
            return;
        }
        begin(files.readFileBinary(string.concat(folder, "/begin.bin")));
        uint256 parts = vm.parseJsonUint(vm.readFile(string.concat(folder, "/count.json")), ".parts");
        uint256 histories;
        for (uint256 i; i < parts; ++i) {
            // One test may use 2^30 gas; a file of histories takes a third of it.
            files.resetGasMetering();
            histories = this.playPart(string.concat(folder, "/", files.toString(i), ".bin"), histories);
        }
        eq(histories, vm.parseJsonUint(vm.readFile(string.concat(folder, "/count.json")), ".histories"), "histories");
    }

    /// The market's address, those who are watched, and the steps that every history starts after.
    function begin(bytes memory file) private {
        this.beginWith(file);
    }

    function beginWith(bytes calldata file) external {
        eq(address(hub), address(bytes20(file[:20])), "the hub is where twin/parties.ts expects it");
        uint256 count = uint8(file[20]);
        workers = uint8(file[21]);
        for (uint256 i; i < count; ++i) {
            watched.push(address(bytes20(file[22 + 20 * i:])));
        }
        try this.play(file[22 + 20 * count:], 0, false) {} catch (bytes memory reason) {
            rethrow(reason);
        }
    }

    /// A file of histories, each with its length in 4 bytes before it.
    /// @return histories played so far
    function playPart(string calldata path, uint256 before) external returns (uint256 histories) {
        bytes memory file = files.readFileBinary(path);
        return this.playAll(file, before);
    }

    function playAll(bytes calldata file, uint256 before) external returns (uint256 histories) {
        histories = before;
        for (uint256 at; at < file.length;) {
            uint256 size = uint32(bytes4(file[at:]));
            at += 4;
            try this.play(file[at:at + size], histories, true) {} catch (bytes memory reason) {
                if (bytes4(reason) != Played.selector) rethrow(reason);
            }
            at += size;
            ++histories;
        }
    }

    function play(bytes calldata steps, uint256 history, bool undo) external {
        uint256 count;
        for (uint256 at; at < steps.length; ++count) {
            at = step(steps, at, history, count);
        }
        if (undo) revert Played(count);
    }

    /// One call, and how the twin says it ends.
    struct Step {
        address from;
        address to;
        uint256 ending;
        bytes data;
        bytes reason;
    }

    /// @return where the next step begins
    function step(bytes calldata b, uint256 at, uint256 history, uint256 number) private returns (uint256) {
        vm.warp(uint40(bytes5(b[at:])));
        Step memory s;
        (s, at) = read(b, at + 5);
        if (s.ending == PLACED) {
            vm.etch(s.to, s.data);
            return at + 33;
        }
        take(s, history, number);
        bytes memory shown;
        (shown, at) = show(b, at);
        if (sha256(shown) != bytes32(b[at:])) revert Differs(history, number, "state", shown);
        return at + 32;
    }

    function read(bytes calldata b, uint256 at) private pure returns (Step memory s, uint256) {
        (s.from, s.to, s.ending) = (address(bytes20(b[at:])), address(bytes20(b[at + 20:])), uint8(b[at + 40]));
        (s.data, at) = part(b, at + 41);
        (s.reason, at) = part(b, at);
        return (s, at);
    }

    function take(Step memory s, uint256 history, uint256 number) private {
        vm.prank(s.from);
        (bool success, bytes memory got) = s.to.call(s.data);
        if (success != (s.ending == DONE)) revert Differs(history, number, success ? "succeeds" : "fails", got);
        if (s.ending == REFUSED && keccak256(got) != keccak256(s.reason)) revert Differs(history, number, "reason", got);
    }

    /// Bytes with their length in front.
    function part(bytes calldata b, uint256 at) private pure returns (bytes calldata, uint256) {
        uint256 size = uint24(bytes3(b[at:]));
        return (b[at + 3:at + 3 + size], at + 3 + size);
    }

    function show(bytes calldata b, uint256 at) private view returns (bytes memory shown, uint256) {
        uint256 views = uint8(b[at++]);
        uint256[] memory words = new uint256[](1 + 3 * watched.length);
        words[0] = hub.totalSupply();
        for (uint256 i; i < watched.length; ++i) {
            AccountView memory account = hub.viewAccount(watched[i]);
            (words[3 * i + 1], words[3 * i + 2]) = (account.stake, account.locked);
            if (i < workers) words[3 * i + 3] = hub.viewScore(watched[i]);
        }
        shown = abi.encodePacked(words);
        for (uint256 i; i < views; ++i) {
            uint256 size = uint8(b[at + 20]);
            (, bytes memory answer) = address(bytes20(b[at:])).staticcall(b[at + 21:at + 21 + size]);
            shown = bytes.concat(shown, answer);
            at += 21 + size;
        }
        return (shown, at);
    }

    function rethrow(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }
}
