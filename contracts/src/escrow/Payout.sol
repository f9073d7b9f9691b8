// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {Account} from "./Account.sol";
import {Ledger} from "./Ledger.sol";

/// Payments out of locked value, made one by one with their events and taken from the hub's balance together, by `close`.
/// A payout that is opened must be closed.
library Payout {
    struct Open {
        /// what the payments are for; ends up in the events
        bytes32 ref;
        /// what the hub owes, in nRLC
        uint256 total;
    }

    function open(bytes32 ref) internal pure returns (Open memory) {
        return Open(ref, 0);
    }

    /// Gives locked value back. Panic 0x11 when less is frozen.
    function unlock(Open memory payout, address owner, uint256 amount) internal {
        Ledger.save(owner, Ledger.accountOf(owner).unlocked(amount));
        _noteUnlock(payout, owner, amount);
    }

    /// Pays out of what was seized.
    function reward(Open memory payout, address owner, uint256 amount) internal {
        Ledger.save(owner, Ledger.accountOf(owner).credited(amount));
        _noteReward(payout, owner, amount);
    }

    /// Gives locked value back and pays, and sets the score: what a worker gets, in one write.
    function release(Open memory payout, address owner, uint256 stake, uint256 amount, uint256 score) internal {
        Ledger.save(owner, Ledger.accountOf(owner).unlocked(stake).credited(amount).withScore(score));
        _noteUnlock(payout, owner, stake);
        _noteReward(payout, owner, amount);
    }

    /// Takes locked value; it stays with the hub until somebody is rewarded with it. Panic 0x11 when less is frozen.
    function seize(Open memory payout, address owner, uint256 amount) internal {
        Ledger.save(owner, Ledger.accountOf(owner).frozenLess(amount));
        emit IEscrow.Seize(owner, amount, payout.ref);
    }

    /// Keeps seized value locked for `owner` without moving it.
    function rewardLocked(Open memory payout, address owner, uint256 amount) internal {
        Ledger.save(owner, Ledger.accountOf(owner).frozenMore(amount));
        emit IEscrow.Reward(owner, amount, payout.ref);
        emit IEscrow.Lock(owner, amount);
    }

    /// Takes the total from the hub's balance.
    function close(Open memory payout) internal {
        Account hub = Ledger.accountOf(address(this));
        require(payout.total <= hub.free(), "IexecEscrow: Transfer amount exceeds balance");
        Ledger.save(address(this), hub.debited(payout.total));
    }

    function _noteUnlock(Open memory payout, address owner, uint256 amount) private {
        _noteTransfer(payout, owner, amount);
        emit IEscrow.Unlock(owner, amount);
    }

    function _noteReward(Open memory payout, address owner, uint256 amount) private {
        _noteTransfer(payout, owner, amount);
        emit IEscrow.Reward(owner, amount, payout.ref);
    }

    function _noteTransfer(Open memory payout, address to, uint256 amount) private {
        require(to != address(0), "IexecEscrow: Transfer to empty address");
        payout.total += amount;
        emit IERC20.Transfer(address(this), to, amount);
    }
}
