// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IEscrow} from "../interfaces/IEscrow.sol";
import {Account} from "./Account.sol";

/// Accounts of the market. Amounts in nRLC.
/// Laws: supply = sum of free balances = tokens held; free balance of the hub = sum of frozen amounts; one nRLC is never
/// in two places.
library Ledger {
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

    function accountOf(address owner) internal view returns (Account) {
        return load().accounts[owner];
    }

    function save(address owner, Account account) internal {
        load().accounts[owner] = account;
    }

    /// Reverts when the supply would reach 2^96 nRLC, so that any amount in an account fits 96 bits.
    function mint(address to, uint256 amount) internal {
        require(to != address(0), "ERC20: mint to the zero address");
        require(to != address(this), "ERC20: mint to the hub");
        State storage state = load();
        state.totalSupply = SafeCast.toUint96(state.totalSupply + amount);
        save(to, accountOf(to).credited(amount));
        emit IERC20.Transfer(address(0), to, amount);
    }

    /// Empty revert when the free balance is too low.
    function burn(address from, uint256 amount) internal {
        require(from != address(0), "ERC20: burn from the zero address");
        _debit(from, amount);
        load().totalSupply -= amount;
        emit IERC20.Transfer(from, address(0), amount);
    }

    /// Transfer between users; empty revert when the free balance is too low. What the hub holds belongs to whom it is
    /// frozen for, so nobody could take a gift to the hub out again.
    function transfer(address from, address to, uint256 amount) internal {
        require(from != address(0), "ERC20: transfer from the zero address");
        require(to != address(0), "ERC20: transfer to the zero address");
        require(to != address(this), "ERC20: transfer to the hub");
        _debit(from, amount);
        save(to, accountOf(to).credited(amount));
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
        require(owner != address(0), "IexecEscrow: Transfer from empty address");
        Account account = accountOf(owner);
        require(amount <= account.free(), "IexecEscrow: Transfer amount exceeds balance");
        save(owner, account.locked(amount));
        save(address(this), accountOf(address(this)).credited(amount));
        emit IERC20.Transfer(owner, address(this), amount);
        emit IEscrow.Lock(owner, amount);
    }

    function _debit(address from, uint256 amount) private {
        Account account = accountOf(from);
        require(amount <= account.free());
        save(from, account.debited(amount));
    }
}
