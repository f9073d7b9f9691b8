// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";

/// Accounts of the market.
/// Laws: supply = sum of free balances = tokens held; free balance of the hub = sum of frozen amounts (plus what
/// somebody transferred to the hub by mistake); one nRLC is never in two places.
library Ledger {
    // One slot. Amounts in nRLC; they fit because the supply is kept below 2^96.
    struct Account {
        uint96 free;
        uint96 frozen;
        /// of a worker in the classic regime; see classic/Scores.sol
        uint32 score;
        // 32 bits left
    }

    struct State {
        uint256 totalSupply;
        mapping(address owner => Account) accounts;
        mapping(address owner => mapping(address spender => uint256)) allowances;
    }

    /// ERC-7201 slot of namespace `gleaner.storage.Ledger`.
    bytes32 internal constant SLOT = 0x7875373258ba556cc643c2ce6c5883fb0d9609742b6d964b69803f311282bd00;

    function load() internal pure returns (State storage state) {
        assembly ("memory-safe") {
            state.slot := SLOT
        }
    }

    function frozenOf(address owner) internal view returns (uint256) {
        return load().accounts[owner].frozen;
    }

    /// Reverts when the supply would reach 2^96 nRLC, so that any amount in an account fits 96 bits.
    function mint(address to, uint256 amount) internal {
        require(to != address(0), "ERC20: mint to the zero address");
        State storage state = load();
        state.totalSupply = SafeCast.toUint96(state.totalSupply + amount);
        state.accounts[to].free += uint96(amount);
        emit IERC20.Transfer(address(0), to, amount);
    }

    /// Empty revert when the free balance is too low.
    function burn(address from, uint256 amount) internal {
        require(from != address(0), "ERC20: burn from the zero address");
        State storage state = load();
        _debit(state, from, amount);
        state.totalSupply -= amount;
        emit IERC20.Transfer(from, address(0), amount);
    }

    /// Transfer between users; empty revert when the free balance is too low.
    function transfer(address from, address to, uint256 amount) internal {
        require(from != address(0), "ERC20: transfer from the zero address");
        require(to != address(0), "ERC20: transfer to the zero address");
        State storage state = load();
        _debit(state, from, amount);
        _credit(state, to, amount);
        emit IERC20.Transfer(from, to, amount);
    }

    function approve(address owner, address spender, uint256 amount) internal {
        require(owner != address(0), "ERC20: approve from the zero address");
        require(spender != address(0), "ERC20: approve to the zero address");
        load().allowances[owner][spender] = amount;
        emit IERC20.Approval(owner, spender, amount);
    }

    /// Sets free balance of `owner` aside.
    function lock(address owner, uint256 amount) internal {
        State storage state = load();
        require(owner != address(0), "IexecEscrow: Transfer from empty address");
        Account memory account = state.accounts[owner];
        require(amount <= account.free, "IexecEscrow: Transfer amount exceeds balance");
        // Safe: checked in the line above; no sum of parts exceeds the supply.
        unchecked {
            account.free -= uint96(amount);
            account.frozen += uint96(amount);
        }
        state.accounts[owner] = account;
        _credit(state, address(this), amount);
        emit IERC20.Transfer(owner, address(this), amount);
        emit IEscrow.Lock(owner, amount);
    }

    /// Gives locked value back. Panic 0x11 when less is frozen.
    function unlock(address owner, uint256 amount) internal {
        State storage state = load();
        _takeFromHub(state, owner, amount);
        Account memory account = state.accounts[owner];
        account.frozen = uint96(account.frozen - amount);
        // Safe: the amount came out of the hub's balance, so no sum exceeds the supply.
        unchecked {
            account.free += uint96(amount);
        }
        state.accounts[owner] = account;
        emit IERC20.Transfer(address(this), owner, amount);
        emit IEscrow.Unlock(owner, amount);
    }

    /// Takes locked value; it stays with the hub until it is rewarded to somebody. Panic 0x11 when less is frozen.
    function seize(address owner, uint256 amount, bytes32 ref) internal {
        Account storage account = load().accounts[owner];
        // Safe: the difference is below the old value.
        account.frozen = uint96(account.frozen - amount);
        emit IEscrow.Seize(owner, amount, ref);
    }

    /// Pays `owner` out of what was seized.
    function reward(address owner, uint256 amount, bytes32 ref) internal {
        State storage state = load();
        _takeFromHub(state, owner, amount);
        _credit(state, owner, amount);
        emit IERC20.Transfer(address(this), owner, amount);
        emit IEscrow.Reward(owner, amount, ref);
    }

    /// Keeps seized value locked for `owner` without moving it.
    function rewardLocked(address owner, uint256 amount, bytes32 ref) internal {
        load().accounts[owner].frozen += uint96(amount);
        emit IEscrow.Reward(owner, amount, ref);
        emit IEscrow.Lock(owner, amount);
    }

    function _takeFromHub(State storage state, address to, uint256 amount) private {
        require(to != address(0), "IexecEscrow: Transfer to empty address");
        Account storage hub = state.accounts[address(this)];
        uint256 free = hub.free;
        require(amount <= free, "IexecEscrow: Transfer amount exceeds balance");
        // Safe: checked in the line above.
        unchecked {
            hub.free = uint96(free - amount);
        }
    }

    function _debit(State storage state, address from, uint256 amount) private {
        uint256 free = state.accounts[from].free;
        require(amount <= free);
        // Safe: checked in the line above, and the difference is below the old value.
        unchecked {
            state.accounts[from].free = uint96(free - amount);
        }
    }

    /// The amount was debited before, so no sum exceeds the supply.
    function _credit(State storage state, address to, uint256 amount) private {
        unchecked {
            state.accounts[to].free += uint96(amount);
        }
    }
}
