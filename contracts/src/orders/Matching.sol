// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Clock, Settings} from "../hub/Settings.sol";
import {AppOrder, DatasetOrder, RequestOrder, WorkerpoolOrder} from "./Orders.sol";
import {Restrictions} from "./Restrictions.sol";
import {Tags} from "./Tags.sol";

/// Whether four orders fit each other. Each rule has a code; the order of the rules is part of the surface.
library Matching {
    using Restrictions for address;

    /// Codes 00 to 07: category, trust, prices, tags.
    /// @return tag of the deal: everything that app, data set and request ask for
    /// @return timeref unit of its deadlines, in seconds
    function checkTerms(
        AppOrder calldata a,
        DatasetOrder calldata d,
        WorkerpoolOrder calldata w,
        RequestOrder calldata r
    ) internal view returns (bytes32 tag, uint256 timeref) {
        require(r.category == w.category, "iExecV5-matchOrders-0x00");
        Clock memory clock = Settings.load().clocks[r.category];
        require(clock.known, "iExecV5-matchOrders-0x01");
        timeref = clock.timeref;
        require(r.trust <= w.trust, "iExecV5-matchOrders-0x02");
        require(r.appmaxprice >= a.appprice, "iExecV5-matchOrders-0x03");
        require(r.datasetmaxprice >= d.datasetprice, "iExecV5-matchOrders-0x04");
        require(r.workerpoolmaxprice >= w.workerpoolprice, "iExecV5-matchOrders-0x05");
        tag = a.tag | Tags.ofDataset(d.tag) | r.tag;
        require(Tags.within(tag, w.tag), "iExecV5-matchOrders-0x06");
        require(!Tags.needsTee(tag ^ a.tag), "iExecV5-matchOrders-0x07");
    }

    /// Codes 10 to 1b: the assets asked for and the restrictions of every order.
    function checkParties(
        AppOrder calldata a,
        DatasetOrder calldata d,
        WorkerpoolOrder calldata w,
        RequestOrder calldata r
    ) internal view {
        (address app, address dataset, address pool, address requester) = (a.app, d.dataset, w.workerpool, r.requester);
        require(r.app == app, "iExecV5-matchOrders-0x10");
        require(r.dataset == dataset, "iExecV5-matchOrders-0x11");
        require(r.workerpool.allows(pool), "iExecV5-matchOrders-0x12");
        require(a.datasetrestrict.allows(dataset), "iExecV5-matchOrders-0x13");
        require(a.workerpoolrestrict.allows(pool), "iExecV5-matchOrders-0x14");
        require(a.requesterrestrict.allows(requester), "iExecV5-matchOrders-0x15");
        require(d.apprestrict.allows(app), "iExecV5-matchOrders-0x16");
        require(d.workerpoolrestrict.allows(pool), "iExecV5-matchOrders-0x17");
        require(d.requesterrestrict.allows(requester), "iExecV5-matchOrders-0x18");
        require(w.apprestrict.allows(app), "iExecV5-matchOrders-0x19");
        require(w.datasetrestrict.allows(dataset), "iExecV5-matchOrders-0x1a");
        require(w.requesterrestrict.allows(requester), "iExecV5-matchOrders-0x1b");
    }
}
