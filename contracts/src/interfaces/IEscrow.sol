// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Deposits, withdrawals and the money events. Amounts are nRLC (10^-9 RLC).
/// Deposits and withdrawals refuse to be entered again while they call the token, and while a result is delivered
/// (`ReentrancyGuardReentrantCall()`). Free balance moves as an ERC-20; locked value is held in the hub's own balance until
/// it is unlocked or seized. Nobody can give anything to the hub itself.
interface IEscrow {
    /// Free balance was set aside, as a price or a stake.
    event Lock(address owner, uint256 amount);
    /// Locked value became free balance again.
    event Unlock(address owner, uint256 amount);
    /// Seized value was paid to `owner`; `ref` is the task.
    event Reward(address owner, uint256 amount, bytes32 ref);
    /// Locked value was taken from `owner`; `ref` is the task.
    event Seize(address owner, uint256 amount, bytes32 ref);

    /// Deposit-and-match was asked to call something else than `matchOrders`.
    error UnsupportedOperation(bytes4 selector);
    /// The match failed without a reason.
    error OperationFailed();
    /// The request order belongs to somebody else than the depositor.
    error CallerIsNotTheRequester();

    /// Pulls tokens of the caller, who must have approved the hub, and credits the caller. Anybody.
    /// Reverts as the token does, or `failed-transferFrom` when it answers false; `ERC20: mint to the zero address`,
    /// `ERC20: mint to the hub`; `SafeCastOverflowedUintDowncast` when the escrow would reach 2^96 nRLC.
    function deposit(uint256 amount) external returns (bool);

    /// Pulls tokens of the caller and credits `target`. Reverts as {deposit} does.
    function depositFor(uint256 amount, address target) external returns (bool);

    /// Pulls tokens of the caller once for each target. All or nothing; `invalid-array-length` when the lists differ in
    /// length, else as {deposit}.
    function depositForArray(uint256[] calldata amounts, address[] calldata targets) external returns (bool);

    /// Pays free balance of the caller out to the caller; empty revert when it is too low, `failed-transfer` when the
    /// token answers false, `ERC20: transfer to the hub`, and `ERC20: burn from the zero address` for that caller.
    function withdraw(uint256 amount) external returns (bool);

    /// Pays free balance of the caller out to `target`. Reverts as {withdraw} does.
    function withdrawTo(uint256 amount, address target) external returns (bool);

    /// Owner only (`Ownable: caller is not the owner`): credits the owner with tokens that reached the hub without a
    /// deposit. Reverts as {deposit} does when it cannot be credited.
    /// @return delta amount credited, may be 0
    function recover() external returns (uint256 delta);

    /// Deposits `amount` of `sender` and, if `data` is a `matchOrders` call whose requester is `sender`, makes the match.
    /// Called by the token's `approveAndCall`, but open to anybody; the allowance to the hub is the permission.
    /// Reverts `wrong-token`; as {deposit} does; as the match does, {OperationFailed} when it gives no reason;
    /// {UnsupportedOperation} for another call in `data`, {CallerIsNotTheRequester} for the request of somebody else, empty
    /// for data that is no call.
    function receiveApproval(address sender, uint256 amount, address token, bytes calldata data) external returns (bool);
}
