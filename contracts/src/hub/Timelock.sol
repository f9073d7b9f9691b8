// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// Owner of hub and registries outside local networks: whatever it does was public for the delay before.
/// It has no administrator: its delay and its roles change by its own scheduled calls alone.
contract Timelock is TimelockController {
    /// @param delay least time between scheduling and execution, in seconds
    /// @param governors may schedule, cancel and execute
    constructor(uint256 delay, address[] memory governors)
        TimelockController(delay, governors, governors, address(0))
    {}
}
