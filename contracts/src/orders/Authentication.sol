// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Settings} from "../hub/Settings.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {Assets} from "./Assets.sol";
import {Domain} from "./Domain.sol";
import {OrderBook} from "./OrderBook.sol";
import {OrderHash} from "./OrderHash.sol";
import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "./Orders.sol";
import {Signatures} from "./Signatures.sol";

/// Whether orders come from those who may make them.
library Authentication {
    using Assets for IRegistry;

    /// What a match needs to know about the assets; zero for a data set that is not there.
    struct Parties {
        bytes32 appHash;
        bytes32 datasetHash;
        bytes32 workerpoolHash;
        bytes32 requestHash;
        address appOwner;
        address datasetOwner;
        address workerpoolOwner;
    }

    /// Codes 20 to 50: registered assets, orders signed by their owners, request signed by the requester.
    /// Empty revert when an asset has no `owner()`, which is asked before the registration.
    function check(AppOrder calldata a, DatasetOrder calldata d, WorkerpoolOrder calldata w, RequestOrder calldata r)
        internal
        view
        returns (Parties memory p)
    {
        Settings.State storage settings = Settings.load();

        p.appHash = Domain.digest(OrderHash.hash(a));
        p.appOwner = settings.appRegistry.ownerOf(a.app, "iExecV5-matchOrders-0x20");
        require(isSigned(p.appHash, p.appOwner, a.sign), "iExecV5-matchOrders-0x21");

        if (d.dataset != address(0)) {
            p.datasetHash = Domain.digest(OrderHash.hash(d));
            p.datasetOwner = settings.datasetRegistry.ownerOf(d.dataset, "iExecV5-matchOrders-0x30");
            require(isSigned(p.datasetHash, p.datasetOwner, d.sign), "iExecV5-matchOrders-0x31");
        }

        p.workerpoolHash = Domain.digest(OrderHash.hash(w));
        p.workerpoolOwner = settings.workerpoolRegistry.ownerOf(w.workerpool, "iExecV5-matchOrders-0x40");
        require(isSigned(p.workerpoolHash, p.workerpoolOwner, w.sign), "iExecV5-matchOrders-0x41");

        p.requestHash = Domain.digest(OrderHash.hash(r));
        require(isSigned(p.requestHash, r.requester, r.sign), "iExecV5-matchOrders-0x50");
    }

    /// Recorded on chain, or signed. A signature by key is looked at first: it is the usual case and costs no storage
    /// read. A malformed one counts only if nothing is recorded.
    function isSigned(bytes32 orderHash, address account, bytes calldata sign) internal view returns (bool) {
        if (Signatures.isByKey(account, sign)) {
            return Signatures.isSignedByKey(orderHash, account, sign) || OrderBook.isPresignedBy(orderHash, account);
        }
        return OrderBook.isPresignedBy(orderHash, account) || Signatures.isSignedBy(orderHash, account, sign);
    }
}
