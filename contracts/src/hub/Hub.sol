// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Proxy} from "@openzeppelin/contracts/proxy/Proxy.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC173} from "@solidstate/contracts/interfaces/IERC173.sol";
import {IERC2535DiamondCut} from "@solidstate/contracts/interfaces/IERC2535DiamondCut.sol";
import {IERC2535DiamondLoupe} from "@solidstate/contracts/interfaces/IERC2535DiamondLoupe.sol";
import {DiamondBaseStorage} from "@solidstate/contracts/proxy/diamond/base/DiamondBaseStorage.sol";
import {DiamondReadable} from "@solidstate/contracts/proxy/diamond/readable/DiamondReadable.sol";
import {DiamondWritableInternal} from "@solidstate/contracts/proxy/diamond/writable/DiamondWritableInternal.sol";
import {IDevelopmentEnclaves} from "../interfaces/IDevelopmentEnclaves.sol";
import {DevelopmentChains} from "./DevelopmentChains.sol";
import {Ownership} from "./Ownership.sol";

/// The one address of the market: an EIP-2535 diamond whose facets hold the functions.
/// Cutting and the loupe are part of this contract and cannot be replaced.
contract Hub is Proxy, DiamondReadable, DiamondWritableInternal, IERC2535DiamondCut, IERC165, IDevelopmentEnclaves {
    /// No facet answers this selector.
    error FunctionNotFound(bytes4 selector);

    /// The facet registered here answers every selector without a facet of its own.
    bytes4 internal constant FALLBACK_SELECTOR = 0xffffffff;

    /// @inheritdoc IDevelopmentEnclaves
    bool public immutable developmentEnclaves;

    /// @param owner may cut and configure; an argument, so that any factory can deploy
    /// @param cuts facets to start with; may be empty
    /// @param developmentEnclaves_ whether development enclaves may count; refused outside local networks
    constructor(address owner, FacetCut[] memory cuts, bool developmentEnclaves_) {
        if (developmentEnclaves_ && !DevelopmentChains.contains(block.chainid)) {
            revert DevelopmentEnclavesRefused(block.chainid);
        }
        developmentEnclaves = developmentEnclaves_;
        _diamondCut(_ownFunctions(), address(0), "");
        if (cuts.length > 0) _diamondCut(cuts, address(0), "");
        Ownership.transfer(owner);
    }

    /// A transfer without data is a call of selector zero, which the escrow facet answers.
    receive() external payable {
        _fallback();
    }

    /// @inheritdoc IERC2535DiamondCut
    function diamondCut(FacetCut[] calldata cuts, address target, bytes calldata data) external {
        Ownership.checkContractOwner();
        _diamondCut(cuts, target, data);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IERC165).interfaceId || id == type(IERC173).interfaceId
            || id == type(IERC2535DiamondCut).interfaceId || id == type(IERC2535DiamondLoupe).interfaceId;
    }

    function _implementation() internal view override returns (address facet) {
        mapping(bytes4 => bytes32) storage facets = DiamondBaseStorage.layout().facets;
        facet = address(bytes20(facets[msg.sig]));
        if (facet == address(0)) facet = address(bytes20(facets[FALLBACK_SELECTOR]));
        if (facet == address(0)) revert FunctionNotFound(msg.sig);
    }

    function _ownFunctions() private view returns (FacetCut[] memory cuts) {
        bytes4[] memory selectors = new bytes4[](7);
        selectors[0] = IERC2535DiamondCut.diamondCut.selector;
        selectors[1] = IERC2535DiamondLoupe.facets.selector;
        selectors[2] = IERC2535DiamondLoupe.facetFunctionSelectors.selector;
        selectors[3] = IERC2535DiamondLoupe.facetAddresses.selector;
        selectors[4] = IERC2535DiamondLoupe.facetAddress.selector;
        selectors[5] = IERC165.supportsInterface.selector;
        selectors[6] = IDevelopmentEnclaves.developmentEnclaves.selector;
        cuts = new FacetCut[](1);
        cuts[0] = FacetCut({target: address(this), action: FacetCutAction.ADD, selectors: selectors});
    }
}
