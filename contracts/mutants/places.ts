import { type Node, rangeOf, typeOf, type Visit } from '../copies/syntax.ts';
import type { MutantKind } from './mutant.ts';
import { chooserName, hasChooser, isComparison, type Operand, REPLACEMENTS } from './operators.ts';

/** Text of one file by byte offsets. */
export type Slice = (start: number, end: number) => string;

/** A place that can be mutated, and how the text around it changes so that the choice is made at run time. */
export interface Place {
  readonly kind: MutantKind;
  readonly start: number;
  readonly end: number;
  /** Number of holders of the node; orders what begins or ends at the same byte. */
  readonly depth: number;
  /** Text of the place in each of its mutants. */
  readonly variants: readonly string[];
  /** Put before and after the place, and in place of what is between two bytes of it. `at` numbers the first mutant. */
  open(at: number): string;
  close(at: number): string;
  readonly gap?: { readonly start: number; readonly end: number; text(at: number): string };
}

type Shape = Omit<Place, 'start' | 'end' | 'depth'>;

/** What can be mutated at this node: nothing, one place, or two of which the outer comes first. */
export function placesAt(visit: Visit, text: Slice, constants: ReadonlySet<number>): Place[] {
  const [start, end] = rangeOf(visit.node);
  const depth = visit.parents.length * 2;
  const outer = statement(visit, text) ?? branch(visit, text);
  const inner = expression(visit, text, constants);
  return [
    ...(outer === undefined ? [] : [{ ...outer.shape, start, end: outer.end, depth }]),
    ...(inner === undefined ? [] : [{ ...inner, start, end, depth: depth + 1 }]),
  ];
}

function expression(visit: Visit, text: Slice, constants: ReadonlySet<number>): Shape | undefined {
  switch (visit.node.nodeType) {
    case 'BinaryOperation':
      return binary(visit, text);
    case 'Assignment':
      return compound(visit, text);
    case 'UnaryOperation':
      return not(visit.node, text);
    case 'Literal':
      return literal(visit, text);
    case 'YulLiteral':
      return yulLiteral(visit, text);
    case 'Identifier':
    case 'MemberAccess':
      return constants.has(visit.node.referencedDeclaration ?? -1) ? constant(visit.node, text) : undefined;
    default:
      return undefined;
  }
}

// -- operators

function binary({ node, parents }: Visit, text: Slice): Shape | undefined {
  const [left, right] = [node['leftExpression'] as Node, node['rightExpression'] as Node];
  const operator = node.operator ?? '';
  const gap = [rangeOf(left)[1], rangeOf(right)[0]] as const;
  const variants = (others: readonly string[]) => others.map((other) => `${text(...rangeOf(left))} ${other} ${text(...rangeOf(right))}`);
  if (operator === '&&' || operator === '||') return lazy(operator, gap, variants([operator === '&&' ? '||' : '&&']));
  const found = operandOf(node.commonType?.typeString ?? '', operator);
  if (found === undefined || !hasChooser(operator, found.type)) return undefined;
  const name = chooserName(
    operator,
    found.type,
    parents.some(({ nodeType }) => nodeType === 'UncheckedBlock'),
  );
  return {
    kind: isComparison(operator) ? 'comparison' : 'arithmetic',
    variants: variants(REPLACEMENTS[operator] ?? []),
    open: (at) => `${name}(${at}, ${found.cast}(`,
    close: () => '))',
    gap: { start: gap[0], end: gap[1], text: () => `), ${found.cast}(` },
  };
}

/** Chooser for a type, with the conversion that its operands need. Arithmetic only where the result keeps its type. */
function operandOf(type: string, operator: string): { readonly type: Operand; readonly cast: string } | undefined {
  if (type === 'uint256') return { type: 'uint256', cast: '' };
  if (type === 'address') return { type: 'address', cast: '' };
  if (type === 'bytes32') return { type: 'bytes32', cast: '' };
  if (!isComparison(operator)) return undefined;
  if (/^uint\d+$/.test(type)) return { type: 'uint256', cast: '' };
  if (/^bytes\d+$/.test(type)) return { type: 'bytes32', cast: '' };
  return type.startsWith('enum ') ? { type: 'uint256', cast: 'uint256' } : undefined;
}

/** `a && b` is `a ? b : false`, `a || b` is `a ? true : b`; the same with `!a` is the other operator. */
function lazy(operator: string, [start, end]: readonly [number, number], variants: readonly string[]): Shape {
  const constant = (at: number) => `${operator === '&&' ? '' : '!'}mutant_is(${at})`;
  return {
    kind: 'boolean',
    variants,
    open: () => '((',
    close: (at) => `) : ${constant(at)})`,
    gap: { start, end, text: (at) => `) != ${constant(at)} ? (` },
  };
}

/** `x += y` becomes `x = chosen(x, y)`. */
function compound({ node, parents }: Visit, text: Slice): Shape | undefined {
  const [left, right] = [node['leftHandSide'] as Node, node['rightHandSide'] as Node];
  const operator = (node.operator ?? '').slice(0, -1);
  const operand = operator === '' ? undefined : operandOf(typeOf(left), operator);
  if (operand === undefined || !hasChooser(operator, operand.type)) return undefined;
  const target = text(...rangeOf(left));
  const name = chooserName(
    operator,
    operand.type,
    parents.some(({ nodeType }) => nodeType === 'UncheckedBlock'),
  );
  return {
    kind: 'arithmetic',
    variants: (REPLACEMENTS[operator] ?? []).map((other) => `${target} ${other}= ${text(...rangeOf(right))}`),
    open: () => '',
    close: () => ')',
    gap: { start: rangeOf(left)[1], end: rangeOf(right)[0], text: (at) => ` = ${name}(${at}, ${target}, ` },
  };
}

function not(node: Node, text: Slice): Shape | undefined {
  if (node.operator !== '!') return undefined;
  const [start] = rangeOf(node);
  return {
    kind: 'boolean',
    variants: [text(start + 1, rangeOf(node)[1])],
    open: () => '',
    close: () => ')',
    gap: { start, end: start + 1, text: (at) => `mutant_not(${at}, ` },
  };
}

// -- constants

function constant(node: Node, text: Slice): Shape {
  const source = text(...rangeOf(node));
  return {
    kind: 'constant',
    variants: [`${source} + 1`, `${source} - 1`],
    open: (at) => `mutant_constant(${at}, `,
    close: () => ')',
  };
}

function literal(visit: Visit, text: Slice): Shape | undefined {
  if (visit.node.kind === 'number') return isUintPlace(visit) ? constant(visit.node, text) : undefined;
  if (visit.node.kind !== 'bool') return undefined;
  return {
    kind: 'constant',
    variants: [visit.node.value === 'true' ? 'false' : 'true'],
    open: (at) => `mutant_flip(${at}, `,
    close: () => ')',
  };
}

/** Whether a number may be replaced by an expression of type uint256 where it stands. */
function isUintPlace({ node, key, parents }: Visit): boolean {
  const parent = parents[0];
  switch (parent?.nodeType) {
    case 'BinaryOperation':
      return parent.commonType?.typeString === 'uint256';
    case 'IndexAccess':
    case 'IndexRangeAccess':
      return true;
    case 'Assignment':
      return typeOf(parent['leftHandSide'] as Node) === 'uint256';
    case 'Conditional':
      return typeOf(parent) === 'uint256';
    case 'TupleExpression':
      return parents[1]?.nodeType === 'Assignment' && isUintComponent(node, parent, parents[1]);
    case 'FunctionCall':
      return key === 'arguments' && parent.kind === 'functionCall' && isUintArgument(node, parent);
    default:
      return false;
  }
}

function isUintComponent(node: Node, tuple: Node, assignment: Node): boolean {
  const targets = (assignment['leftHandSide'] as Node)['components'] as readonly (Node | null)[] | undefined;
  const target = targets?.[(tuple['components'] as readonly Node[]).indexOf(node)];
  return target !== null && target !== undefined && typeOf(target) === 'uint256';
}

/** Bound functions have one parameter more than arguments, in front. */
function isUintArgument(node: Node, call: Node): boolean {
  const parameters = /^function \(([^()]*)\)/.exec(typeOf(call['expression'] as Node))?.[1]?.split(',') ?? [];
  const given = call['arguments'] as readonly Node[];
  return parameters[parameters.length - given.length + given.indexOf(node)] === 'uint256';
}

function yulLiteral({ node, parents }: Visit, text: Slice): Shape | undefined {
  if (node.kind !== 'number' || !parents.some(({ nodeType }) => nodeType === 'YulFunctionCall')) return undefined;
  const source = text(...rangeOf(node));
  return {
    kind: 'constant',
    variants: [`${source} + 1`, `${source} - 1`],
    open: () => 'add(',
    close: (at) => `, sub(eq(prevrandao(), ${at}), eq(prevrandao(), ${at + 1})))`,
  };
}

// -- statements and branches

const DROPPED = new Set(['ExpressionStatement', 'EmitStatement', 'RevertStatement', 'Break', 'Continue']);

function statement(visit: Visit, text: Slice): { readonly shape: Shape; readonly end: number } | undefined {
  const { node, key } = visit;
  const dropped = DROPPED.has(node.nodeType) || (node.nodeType === 'Return' && isEarly(visit));
  if (!dropped || key === 'loopExpression' || key === 'initializationExpression') return undefined;
  const end = endOfStatement(node, text);
  return { shape: { kind: 'statement', variants: [''], open: (at) => `{ if (!mutant_is(${at})) `, close: () => ' }' }, end };
}

/** Semicolons are not part of the nodes. */
function endOfStatement(node: Node, text: Slice): number {
  let [, end] = rangeOf(node);
  while (text(end - 1, end) !== ';') end += 1;
  return end;
}

/** A return in a branch, after which the function has more to do. */
function isEarly({ key, parents, keys }: Visit): boolean {
  const inBranch = key === 'trueBody' || (parents[0]?.nodeType === 'Block' && keys[0] === 'trueBody');
  const holder = parents[key === 'trueBody' ? 0 : 1];
  return inBranch && holder?.['falseBody'] == null;
}

/** A condition whose branches change places; only where that is not what a mutant of the condition itself does. */
function branch({ node, key, parents }: Visit, text: Slice): { readonly shape: Shape; readonly end: number } | undefined {
  const holds = key === 'condition' && ['IfStatement', 'Conditional', 'WhileStatement'].includes(parents[0]?.nodeType ?? '');
  if (!holds || isComparison(node.operator ?? '') || node.operator === '!') return undefined;
  const [start, end] = rangeOf(node);
  const shape: Shape = {
    kind: 'branch',
    variants: [`!(${text(start, end)})`],
    open: (at) => `mutant_flip(${at}, `,
    close: () => ')',
  };
  return { shape, end };
}
