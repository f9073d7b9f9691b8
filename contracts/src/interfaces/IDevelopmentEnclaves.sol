// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// An addition to the surface of PoCo: whether enclaves that prove nothing may count on this market.
interface IDevelopmentEnclaves {
    /// Development enclaves were asked for on a chain whose id is not that of a local network.
    error DevelopmentEnclavesRefused(uint256 chainId);

    /// Fixed when the hub is created, and true on local networks only: no owner and no upgrade can change the answer.
    function developmentEnclaves() external view returns (bool);
}
