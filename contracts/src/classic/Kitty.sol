// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Ledger} from "../escrow/Ledger.sol";
import {Payout} from "../escrow/Payout.sol";

/// Pot of the stakes of pools that missed a deadline; each success of any pool draws from it.
library Kitty {
    using Payout for Payout.Open;

    /// Holds frozen value only. High 20 bytes of keccak256("iExecKitty"), minus one.
    address internal constant ADDRESS = 0x99c2268479b93fDe36232351229815DF80837e23;
    /// Percent of the pot that one success pays.
    uint256 internal constant RATIO = 10;
    /// Least that one success pays while the pot lasts: 1 RLC, in nRLC.
    uint256 internal constant MIN = 1e9;

    /// Keeps what was seized from a pool.
    function fill(Payout.Open memory payout, uint256 amount) internal {
        payout.rewardLocked(ADDRESS, amount);
    }

    /// Pays max(10 %, 1 RLC) of the pot, or all of it.
    function pay(Payout.Open memory payout, address poolOwner) internal {
        uint256 pot = Ledger.accountOf(ADDRESS).frozen();
        if (pot == 0) return;
        uint256 amount = Math.min(Math.max((pot * RATIO) / 100, MIN), pot);
        payout.seize(ADDRESS, amount);
        payout.reward(poolOwner, amount);
    }
}
