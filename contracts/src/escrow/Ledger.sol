// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";

/// Accounts of the market.
/// Laws: supply = sum of free balances = tokens held; free balance of the hub = sum of frozen amounts (plus what
/// somebody transferred to the hub by mistake); one nRLC is never in two places.
library Ledger {
    /// One slot. Both fit because the supply is kept below 2^96 nRLC.
    struct Account {
        uint128 free;
        uint128 frozen;
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
        state.accounts[to].free += uint128(amount);
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
        _move(state, owner, address(this), amount);
        state.accounts[owner].frozen += uint128(amount);
        emit IEscrow.Lock(owner, amount);
    }

    /// Gives locked value back.
    function unlock(address owner, uint256 amount) internal {
        State storage state = load();
        _move(state, address(this), owner, amount);
        _thaw(state, owner, amount);
        emit IEscrow.Unlock(owner, amount);
    }

    /// Takes locked value; it stays with the hub until it is rewarded to somebody.
    function seize(address owner, uint256 amount, bytes32 ref) internal {
        _thaw(load(), owner, amount);
        emit IEscrow.Seize(owner, amount, ref);
    }

    /// Pays `owner` out of what was seized.
    function reward(address owner, uint256 amount, bytes32 ref) internal {
        _move(load(), address(this), owner, amount);
        emit IEscrow.Reward(owner, amount, ref);
    }

    /// Keeps seized value locked for `owner` without moving it.
    function rewardLocked(address owner, uint256 amount, bytes32 ref) internal {
        load().accounts[owner].frozen += uint128(amount);
        emit IEscrow.Reward(owner, amount, ref);
        emit IEscrow.Lock(owner, amount);
    }

    function _move(State storage state, address from, address to, uint256 amount) private {
        require(from != address(0), "IexecEscrow: Transfer from empty address");
        require(to != address(0), "IexecEscrow: Transfer to empty address");
        require(amount <= state.accounts[from].free, "IexecEscrow: Transfer amount exceeds balance");
        _debit(state, from, amount);
        _credit(state, to, amount);
        emit IERC20.Transfer(from, to, amount);
    }

    function _debit(State storage state, address from, uint256 amount) private {
        uint256 free = state.accounts[from].free;
        require(amount <= free);
        // Safe: checked in the line above, and the difference is below the old value.
        unchecked {
            state.accounts[from].free = uint128(free - amount);
        }
    }

    /// The amount was debited before, so no sum exceeds the supply.
    function _credit(State storage state, address to, uint256 amount) private {
        unchecked {
            state.accounts[to].free += uint128(amount);
        }
    }

    /// Panic 0x11 when less is frozen. The difference is below the old value, so it fits.
    function _thaw(State storage state, address owner, uint256 amount) private {
        state.accounts[owner].frozen = uint128(uint256(state.accounts[owner].frozen) - amount);
    }
}
