// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Chain ids of local networks, as `packages/protocol` lists them: keys and money there are for play.
library DevelopmentChains {
    uint256 internal constant LOWEST = 1_337_001;
    uint256 internal constant HIGHEST = 1_346_999;

    function contains(uint256 chainId) internal pure returns (bool) {
        return chainId >= LOWEST && chainId <= HIGHEST;
    }
}
