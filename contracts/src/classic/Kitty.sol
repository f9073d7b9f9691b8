// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Ledger} from "../escrow/Ledger.sol";

/// Pot of the stakes of pools that missed a deadline; each success of any pool draws from it.
library Kitty {
    /// Holds frozen value only. High 20 bytes of keccak256("iExecKitty"), minus one.
    address internal constant ADDRESS = 0x99c2268479b93fDe36232351229815DF80837e23;
    /// Percent of the pot that one success pays.
    uint256 internal constant RATIO = 10;
    /// Least that one success pays while the pot lasts: 1 RLC, in nRLC.
    uint256 internal constant MIN = 1e9;

    function fill(uint256 amount, bytes32 taskid) internal {
        Ledger.rewardLocked(ADDRESS, amount, taskid);
    }

    /// Pays max(10 %, 1 RLC) of the pot, or all of it.
    function pay(address poolOwner, bytes32 taskid) internal {
        uint256 pot = Ledger.frozenOf(ADDRESS);
        if (pot == 0) return;
        uint256 amount = Math.min(Math.max((pot * RATIO) / 100, MIN), pot);
        Ledger.seize(ADDRESS, amount, taskid);
        Ledger.reward(poolOwner, amount, taskid);
    }
}
