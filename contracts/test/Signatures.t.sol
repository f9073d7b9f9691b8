// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Market} from "./support/Market.sol";
import {ContractAccount} from "./support/Parties.sol";

contract SignaturesTest is Market {
    function test_Vectors() public {
        string memory file = vm.readFile("../tests/vectors/signatures.json");
        bytes32 hash = vm.parseJsonBytes32(file, ".digest");
        for (uint256 i; vm.keyExistsJson(file, path(i, "")); ++i) {
            address account = vm.parseJsonAddress(file, path(i, ".account"));
            bytes memory sig = vm.parseJsonBytes(file, path(i, ".sign"));
            string memory name = vm.parseJsonString(file, path(i, ".name"));
            bytes32 outcome = keccak256(bytes(vm.parseJsonString(file, path(i, ".outcome"))));
            if (outcome == keccak256("invalid-signature-format")) {
                expectText("invalid-signature-format");
                hub.verifySignature(account, hash, sig);
                expectText("invalid-signature-format");
                hub.verifyPresignatureOrSignature(account, hash, sig);
            } else {
                ok(hub.verifySignature(account, hash, sig) == (outcome == keccak256("valid")), name);
                ok(hub.verifyPresignatureOrSignature(account, hash, sig) == (outcome == keccak256("valid")), name);
            }
        }
    }

    function test_ContractAccount() public {
        ContractAccount account = new ContractAccount();
        ok(!hub.verifySignature(address(account), "x", ""), "not accepted");
        account.accept("x");
        ok(hub.verifySignature(address(account), "x", ""), "any length");
        ok(hub.verifyPresignatureOrSignature(address(account), "x", hex"00"), "any content");
        account.setReverting(true);
        ok(!hub.verifySignature(address(account), "x", ""), "a revert is no");
    }

    function test_DelegatedAccountIsAContract() public {
        bytes32 hash = "x";
        ok(hub.verifySignature(requester, hash, signature(REQUESTER_KEY, hash)), "plain account");
        vm.etch(requester, abi.encodePacked(hex"ef0100", address(new ContractAccount())));
        ok(!hub.verifySignature(requester, hash, signature(REQUESTER_KEY, hash)), "delegated account");
    }

    function test_ContractRequesterMatches() public {
        ContractAccount account = new ContractAccount();
        fund(address(account), 10e9);
        Orders memory o = draft();
        o.request.requester = address(account);
        o = sign(o);
        o.request.sign = "";
        expectText("iExecV5-matchOrders-0x50");
        matchAll(o);
        account.accept(digest(hasher.request(o.request)));
        eq(hub.viewDeal(matchAll(o)).requester, address(account), "requester");
    }

    function path(uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(".signatures[", vm.toString(i), "]", field);
    }
}
