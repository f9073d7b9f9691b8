/** A node of the compiler's syntax tree, as far as it is looked at here. */
export interface AstNode {
  readonly nodeType: string;
  readonly id?: number;
  readonly name?: string;
  readonly [key: string]: unknown;
}

/** An external function of an interface, with what is written about it and how it may fail. */
export interface Documented {
  readonly name: string;
  /** Its own text. */
  readonly text: string;
  /** Own text, texts of functions and errors it names in braces, and the text of the interface. */
  readonly context: string;
  readonly isView: boolean;
  /** Reasons, names of errors, `empty revert`, `Panic`, as the code behind it raises them. */
  readonly failures: readonly string[];
}

const FAILURE_WORDS: Readonly<Record<string, RegExp>> = {
  'empty revert': /empty revert|without a reason/i,
  Panic: /Panic/,
};

/** All external functions of the interfaces in these files. The trees are those of one compilation: ids are common to all. */
export function documentedFunctions(files: Readonly<Record<string, AstNode>>, folder: string): Documented[] {
  const nodes = new Map<number, AstNode>();
  for (const file of Object.values(files)) for (const node of walk(file)) if (node.id !== undefined) nodes.set(node.id, node);
  const implementations = implementationsOf([...nodes.values()]);
  const interfaces = Object.entries(files).filter(([path]) => path.startsWith(folder));
  return interfaces
    .flatMap(([, file]) => childrenOf(file).filter(isInterface))
    .flatMap((contract) => describe(contract, nodes, implementations));
}

/** What the function can fail with and its documentation does not mention. */
export function missingFailures({ context, failures }: Documented): string[] {
  return failures.filter((failure) => !(FAILURE_WORDS[failure]?.test(context) ?? context.includes(failure)));
}

function describe(contract: AstNode, nodes: ReadonlyMap<number, AstNode>, implementations: ReadonlyMap<number, AstNode[]>): Documented[] {
  const members = childrenOf(contract);
  const textOfMember = (name: string): string =>
    members
      .filter((member) => member.name === name)
      .map(textOf)
      .join(' ');
  return members.filter(isFunction).map((member) => {
    const text = textOf(member);
    const named = [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => textOfMember(name ?? ''));
    const bodies = implementations.get(member.id ?? -1) ?? [];
    return {
      name: `${contract.name}.${member.name}`,
      text,
      isView: member['stateMutability'] === 'view' || member['stateMutability'] === 'pure',
      context: [text, ...named, textOf(contract)].join(' ').replaceAll(/\s+/g, ' '),
      failures: [...new Set(bodies.flatMap((body) => failuresOf(body, nodes, new Set())))].sort(),
    };
  });
}

/** By the function of an interface: the functions with a body that implement it. */
function implementationsOf(nodes: readonly AstNode[]): Map<number, AstNode[]> {
  const found = new Map<number, AstNode[]>();
  for (const node of nodes) {
    if (!isFunction(node) || node['implemented'] !== true) continue;
    for (const base of (node['baseFunctions'] ?? []) as number[]) found.set(base, [...(found.get(base) ?? []), node]);
  }
  return found;
}

/** Follows calls and modifiers into every function with a body. */
function failuresOf(body: AstNode, nodes: ReadonlyMap<number, AstNode>, seen: Set<AstNode>): string[] {
  if (seen.has(body)) return [];
  seen.add(body);
  return [...walk(body)].flatMap((node) => {
    const own = failureOf(node);
    const callee = calleeOf(node, nodes);
    return callee ? [...own, ...failuresOf(callee, nodes, seen)] : own;
  });
}

function failureOf(node: AstNode): string[] {
  if (node.nodeType === 'RevertStatement') return [nameOf((node['errorCall'] as AstNode)['expression'] as AstNode)];
  if (node.nodeType !== 'FunctionCall') return [];
  const args = node['arguments'] as AstNode[];
  const called = nameOf(node['expression'] as AstNode);
  const codes = args.filter(isMatchCode).map(() => 'iExecV5-matchOrders-0x..');
  if (called === 'assert' || called === 'panic') return ['Panic'];
  if (called === 'revert') return args.map(literalOf).filter((text) => text !== '');
  if (called !== 'require') return codes;
  const [, reason] = args;
  if (codes.length > 0) return codes;
  return reason === undefined ? ['empty revert'] : [literalOf(reason)].filter((text) => text !== '');
}

/** The function or modifier with a body that the node calls. */
function calleeOf(node: AstNode, nodes: ReadonlyMap<number, AstNode>): AstNode | undefined {
  const target =
    node.nodeType === 'FunctionCall' ? node['expression'] : node.nodeType === 'ModifierInvocation' ? node['modifierName'] : undefined;
  const declaration = nodes.get((target as AstNode | undefined)?.['referencedDeclaration'] as number);
  return declaration !== undefined && declaration['body'] !== undefined && declaration['body'] !== null ? declaration : undefined;
}

const isMatchCode = (node: AstNode): boolean => literalOf(node).startsWith('iExecV5-matchOrders-0x');
const isInterface = (node: AstNode): boolean => node.nodeType === 'ContractDefinition' && node['contractKind'] === 'interface';
const isFunction = (node: AstNode): boolean => node.nodeType === 'FunctionDefinition';
const childrenOf = (node: AstNode): AstNode[] => (node['nodes'] ?? []) as AstNode[];
const literalOf = (node: AstNode): string => (node.nodeType === 'Literal' ? String(node['value'] ?? '') : '');
const nameOf = (node: AstNode): string => String(node['memberName'] ?? node.name ?? '');
const textOf = (node: AstNode): string => String((node['documentation'] as { text?: string } | null | undefined)?.text ?? '');

function* walk(node: AstNode): Generator<AstNode> {
  yield node;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child !== null && typeof child === 'object' && 'nodeType' in child) yield* walk(child as AstNode);
    }
  }
}
