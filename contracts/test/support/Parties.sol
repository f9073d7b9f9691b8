// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Contracts that take part in tests.

/// ERC-734 group with one member.
contract Group {
    address internal immutable member;

    constructor(address member_) {
        member = member_;
    }

    function keyHasPurpose(bytes32 key, uint256 purpose) external view returns (bool) {
        return purpose == 4 && key == bytes32(uint256(uint160(member)));
    }
}

contract RevertingGroup {
    function keyHasPurpose(bytes32, uint256) external pure returns (bool) {
        revert("no");
    }
}

/// ERC-1271 account that accepts one digest, or answers wrongly, or reverts.
contract ContractAccount {
    bytes32 public accepted;
    bool public reverting;

    function accept(bytes32 digest) external {
        accepted = digest;
    }

    function setReverting(bool value) external {
        reverting = value;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        require(!reverting, "no");
        return digest == accepted ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }
}

/// An asset with an owner that no registry knows.
contract UnregisteredAsset {
    address public immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }
}

contract Consumer {
    bytes32 public taskid;
    bytes public data;
    address public caller;

    function receiveResult(bytes32 taskid_, bytes calldata data_) external {
        (taskid, data, caller) = (taskid_, data_, msg.sender);
    }
}

contract GasWaster {
    function receiveResult(bytes32, bytes calldata) external {
        while (true) {
            assembly ("memory-safe") {
                sstore(gas(), 1)
            }
        }
    }
}

contract ReceiverContract {
    bool internal immutable answer;

    constructor(bool answer_) {
        answer = answer_;
    }

    function receiveApproval(address, uint256, address, bytes calldata) external view returns (bool) {
        return answer;
    }
}

/// A hub of the third generation.
contract OldHub {
    function viewScore(address) external pure returns (uint256) {
        return 42;
    }
}

/// Token whose transfers fail without reverting.
contract RefusingToken {
    function transferFrom(address, address, uint256) external pure returns (bool) {
        return false;
    }
}

/// A facet whose matchOrders fails without a reason.
contract SilentFacet {
    fallback() external {
        assembly ("memory-safe") {
            revert(0, 0)
        }
    }
}
