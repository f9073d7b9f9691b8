/** Operators of Solidity with what a mutant puts in their place. A boundary and the opposite say most about a comparison. */
export const REPLACEMENTS: Readonly<Record<string, readonly string[]>> = {
  '+': ['-', '*'],
  '-': ['+', '/'],
  '*': ['+', '/'],
  '/': ['*', '-'],
  '&': ['|', '^'],
  '|': ['&', '^'],
  '^': ['|', '&'],
  '<<': ['>>'],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '==': ['!='],
  '!=': ['=='],
};

const NAMES: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'shl',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
};

const COMPARISONS = new Set(['<', '<=', '>', '>=', '==', '!=']);

export type Operand = 'uint256' | 'address' | 'bytes32';

/** Operators that have a chooser for operands of this type. */
const OPERATORS: Readonly<Record<Operand, readonly string[]>> = {
  uint256: Object.keys(NAMES),
  address: ['==', '!='],
  bytes32: ['==', '!=', '&', '|', '^'],
};

export function hasChooser(operator: string, operand: Operand): boolean {
  return OPERATORS[operand].includes(operator);
}

export function isComparison(operator: string): boolean {
  return COMPARISONS.has(operator);
}

/** Function of `choosers` that does the operator or what stands in its place. */
export function chooserName(operator: string, operand: Operand, unchecked: boolean): string {
  return `mutant_${NAMES[operator]}_${operand}${unchecked ? '_unchecked' : ''}`;
}

/**
 * Solidity of the functions that choose at run time. The number of the one mutant that acts is the block's `prevrandao`,
 * which the tests' runner sets; zero for none. `at` is the number of the first mutant of a place.
 * Pure functions read it through a cast function pointer, so that no signature changes.
 */
export function choosers(): string {
  const operators = (Object.keys(OPERATORS) as Operand[]).flatMap((operand) =>
    OPERATORS[operand].flatMap((operator) => [chooser(operator, operand, false), chooser(operator, operand, true)]),
  );
  return [BASE, ...operators].join('\n');
}

function chooser(operator: string, operand: Operand, unchecked: boolean): string {
  const result = isComparison(operator) ? 'bool' : operand;
  const cases = (REPLACEMENTS[operator] ?? []).map((other, i) => `    if (active == at + ${i}) return a ${other} b;`);
  const body = [...cases, `    return a ${operator} b;`].join('\n');
  const name = chooserName(operator, operand, unchecked);
  return `function ${name}(uint256 at, ${operand} a, ${operand} b) pure returns (${result}) {
    uint256 active = mutant_active();
${unchecked ? `    unchecked {\n${body}\n    }` : body}
}
`;
}

const BASE = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

function mutant_read() view returns (uint256) {
    return block.prevrandao;
}

function mutant_active() pure returns (uint256) {
    function() view returns (uint256) reader = mutant_read;
    function() pure returns (uint256) cast;
    assembly ("memory-safe") {
        cast := reader
    }
    return cast();
}

function mutant_is(uint256 at) pure returns (bool) {
    return mutant_active() == at;
}

function mutant_not(uint256 at, bool a) pure returns (bool) {
    return mutant_active() == at ? a : !a;
}

function mutant_flip(uint256 at, bool a) pure returns (bool) {
    return mutant_active() == at ? !a : a;
}

function mutant_constant(uint256 at, uint256 a) pure returns (uint256) {
    uint256 active = mutant_active();
    unchecked {
        if (active == at) return a + 1;
        if (active == at + 1) return a - 1;
    }
    return a;
}
`;
