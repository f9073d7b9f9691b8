// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "../src/orders/Orders.sol";
import {Consensus} from "../src/classic/Consensus.sol";
import {Deals} from "../src/classic/Deals.sol";
import {Tasks} from "../src/classic/Tasks.sol";
import {OrderHash} from "../src/orders/OrderHash.sol";
import {IHasher} from "./support/IHasher.sol";
import {Ballot} from "./support/Ballot.sol";

/// Hashes, ids and arithmetic of tests/vectors.
contract VectorsTest is Ballot {
    IHasher internal hasher = IHasher(vm.deployCode("Hasher.sol:Hasher"));

    function test_OrderHashes() public view {
        string memory file = vm.readFile("../tests/vectors/orders.json");
        bytes32 separator = vm.parseJsonBytes32(file, ".domain.separator");
        bytes32[4] memory typeHashes = [
            OrderHash.APP_ORDER_TYPEHASH,
            OrderHash.DATASET_ORDER_TYPEHASH,
            OrderHash.WORKERPOOL_ORDER_TYPEHASH,
            OrderHash.REQUEST_ORDER_TYPEHASH
        ];
        bytes32[4] memory operations = [
            OrderHash.APP_OPERATION_TYPEHASH,
            OrderHash.DATASET_OPERATION_TYPEHASH,
            OrderHash.WORKERPOOL_OPERATION_TYPEHASH,
            OrderHash.REQUEST_OPERATION_TYPEHASH
        ];
        for (uint256 i; i < 4; ++i) {
            string memory base = string.concat(".orders[", vm.toString(i), "]");
            eq(typeHashes[i], vm.parseJsonBytes32(file, string.concat(base, ".typeHash")), "type hash");
            eq(operations[i], vm.parseJsonBytes32(file, string.concat(base, ".operationTypeHash")), "operation");
            bytes32 structHash = structHashAt(file, i, base, "", "");
            eq(structHash, vm.parseJsonBytes32(file, string.concat(base, ".structHash")), "struct hash");
            bytes32 orderHash = typed(separator, structHash);
            eq(orderHash, vm.parseJsonBytes32(file, string.concat(base, ".orderHash")), "order hash");
            for (uint256 op; op < 2; ++op) {
                bytes32 got = typed(separator, keccak256(abi.encode(operations[i], structHash, op)));
                string memory key = op == 0 ? ".signOperation" : ".closeOperation";
                eq(got, vm.parseJsonBytes32(file, string.concat(base, key)), key);
            }
            checkChanged(file, i, base, separator);
            for (uint256 k; vm.keyExistsJson(file, item(base, ".wrong", k, "")); ++k) {
                ok(orderHash != vm.parseJsonBytes32(file, item(base, ".wrong", k, ".orderHash")), "wrong hash");
            }
        }
    }

    function test_Ids() public view {
        string memory file = vm.readFile("../tests/vectors/ids.json");
        bytes32 requestHash = vm.parseJsonBytes32(file, ".requestHash");
        for (uint256 i; i < 2; ++i) {
            uint256 consumed = vm.parseJsonUint(file, item("", ".deals", i, ".consumed"));
            eq(Deals.id(requestHash, consumed), vm.parseJsonBytes32(file, item("", ".deals", i, ".dealId")), "deal");
            bytes32 dealid = vm.parseJsonBytes32(file, item("", ".tasks", i, ".dealId"));
            uint256 index = vm.parseJsonUint(file, item("", ".tasks", i, ".index"));
            eq(Tasks.id(dealid, index), vm.parseJsonBytes32(file, item("", ".tasks", i, ".taskId")), "task");
        }
        bytes32 taskid = vm.parseJsonBytes32(file, ".result.taskId");
        bytes32 result = vm.parseJsonBytes32(file, ".result.resultDigest");
        address worker = vm.parseJsonAddress(file, ".result.worker");
        eq(Tasks.resultHash(taskid, result), vm.parseJsonBytes32(file, ".result.resultHash"), "hash");
        eq(Tasks.resultSeal(worker, taskid, result), vm.parseJsonBytes32(file, ".result.resultSeal"), "seal");
    }

    function test_Weights() public view {
        string memory file = vm.readFile("../tests/vectors/consensus.json");
        for (uint256 i; vm.keyExistsJson(file, item("", ".weights", i, "")); ++i) {
            uint256 score = vm.parseJsonUint(file, item("", ".weights", i, ".score"));
            eq(Consensus.weight(score), vm.parseJsonUint(file, item("", ".weights", i, ".weight")), "weight");
            uint256 share = Consensus.share(Consensus.weight(score));
            eq(share, vm.parseJsonUint(file, item("", ".weights", i, ".share")), "share");
        }
    }

    function test_FreshWorkersNeeded() public {
        string memory file = vm.readFile("../tests/vectors/consensus.json");
        for (uint256 i; vm.keyExistsJson(file, item("", ".freshWorkersNeeded", i, "")); ++i) {
            uint256 trust = vm.parseJsonUint(file, item("", ".freshWorkersNeeded", i, ".trust"));
            uint256 needed = vm.parseJsonUint(file, item("", ".freshWorkersNeeded", i, ".workers"));
            uint256 clean = vm.snapshotState();
            for (uint256 n = 1; n <= needed; ++n) {
                vote("a", 0);
                ok(accepts("a", trust) == (n == needed), "workers needed");
            }
            vm.revertToState(clean);
        }
    }

    function checkChanged(string memory file, uint256 i, string memory base, bytes32 separator) private view {
        for (uint256 k; vm.keyExistsJson(file, item(base, ".changed", k, "")); ++k) {
            string memory field = vm.parseJsonString(file, item(base, ".changed", k, ".field"));
            bytes32 got = typed(separator, structHashAt(file, i, base, field, item(base, ".changed", k, ".value")));
            eq(got, vm.parseJsonBytes32(file, item(base, ".changed", k, ".orderHash")), field);
        }
    }

    /// Hash of an order of the file, one field of which may be read from another place.
    function structHashAt(string memory file, uint256 i, string memory base, string memory field, string memory path)
        private
        view
        returns (bytes32)
    {
        Reader memory r = Reader(file, string.concat(base, ".order."), field, path);
        if (i == 0) {
            return hasher.app(
                AppOrder({
                    app: addr(r, "app"),
                    appprice: num(r, "appprice"),
                    volume: num(r, "volume"),
                    tag: word(r, "tag"),
                    datasetrestrict: addr(r, "datasetrestrict"),
                    workerpoolrestrict: addr(r, "workerpoolrestrict"),
                    requesterrestrict: addr(r, "requesterrestrict"),
                    salt: word(r, "salt"),
                    sign: "ignored"
                })
            );
        }
        if (i == 1) {
            return hasher.dataset(
                DatasetOrder({
                    dataset: addr(r, "dataset"),
                    datasetprice: num(r, "datasetprice"),
                    volume: num(r, "volume"),
                    tag: word(r, "tag"),
                    apprestrict: addr(r, "apprestrict"),
                    workerpoolrestrict: addr(r, "workerpoolrestrict"),
                    requesterrestrict: addr(r, "requesterrestrict"),
                    salt: word(r, "salt"),
                    sign: "ignored"
                })
            );
        }
        if (i == 2) return hasher.workerpool(readWorkerpoolOrder(r));
        return hasher.request(readRequestOrder(r));
    }

    struct Reader {
        string file;
        string base;
        string changedField;
        string changedPath;
    }

    function readWorkerpoolOrder(Reader memory r) private pure returns (WorkerpoolOrder memory) {
        return WorkerpoolOrder({
            workerpool: addr(r, "workerpool"),
            workerpoolprice: num(r, "workerpoolprice"),
            volume: num(r, "volume"),
            tag: word(r, "tag"),
            category: num(r, "category"),
            trust: num(r, "trust"),
            apprestrict: addr(r, "apprestrict"),
            datasetrestrict: addr(r, "datasetrestrict"),
            requesterrestrict: addr(r, "requesterrestrict"),
            salt: word(r, "salt"),
            sign: "ignored"
        });
    }

    function readRequestOrder(Reader memory r) private pure returns (RequestOrder memory o) {
        o.app = addr(r, "app");
        o.appmaxprice = num(r, "appmaxprice");
        o.dataset = addr(r, "dataset");
        o.datasetmaxprice = num(r, "datasetmaxprice");
        o.workerpool = addr(r, "workerpool");
        o.workerpoolmaxprice = num(r, "workerpoolmaxprice");
        o.requester = addr(r, "requester");
        o.volume = num(r, "volume");
        o.tag = word(r, "tag");
        o.category = num(r, "category");
        o.trust = num(r, "trust");
        o.beneficiary = addr(r, "beneficiary");
        o.callback = addr(r, "callback");
        o.params = vm.parseJsonString(r.file, place(r, "params"));
        o.salt = word(r, "salt");
    }

    function place(Reader memory r, string memory field) private pure returns (string memory) {
        if (keccak256(bytes(r.changedField)) == keccak256(bytes(field))) return r.changedPath;
        return string.concat(r.base, field);
    }

    function addr(Reader memory r, string memory field) private pure returns (address) {
        return vm.parseJsonAddress(r.file, place(r, field));
    }

    function num(Reader memory r, string memory field) private pure returns (uint256) {
        return vm.parseJsonUint(r.file, place(r, field));
    }

    function word(Reader memory r, string memory field) private pure returns (bytes32) {
        return vm.parseJsonBytes32(r.file, place(r, field));
    }

    function typed(bytes32 separator, bytes32 structHash) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", separator, structHash));
    }

    function item(string memory base, string memory list, uint256 k, string memory field)
        private
        pure
        returns (string memory)
    {
        return string.concat(base, list, "[", vm.toString(k), "]", field);
    }
}
