import type { Module } from './module.ts';

/** What one body contributes to the call graph. */
export interface CallSite {
  /** Upper bound on the engine's frame, bytes. */
  readonly frameBytes: number;
  /** Functions called directly; imported ones included. */
  readonly callees: readonly number[];
  /** Types of indirect calls. */
  readonly indirectTypes: readonly number[];
}

export interface StackPlan {
  /** Whether a defined function may be on the stack more than once; only those are counted while running. */
  readonly isRecursive: (definedIndex: number) => boolean;
  /** Bytes that all other functions can hold at once, charged at the start of the run. */
  readonly reservedBytes: number;
}

/**
 * Splits the functions of a module by its call graph. A function outside every cycle is on the stack at most once, so the longest
 * path over such functions bounds what they hold together. An indirect call may reach any function of its type whose reference is taken.
 * @param taken functions whose reference is taken anywhere
 * @param roots functions the host enters
 */
export function planStack(module: Module, sites: readonly CallSite[], taken: ReadonlySet<number>, roots: readonly number[]): StackPlan {
  const graph = buildGraph(module, sites, taken);
  const { recursive, depth } = condense(graph);
  const reservedBytes = Math.max(0, ...roots.map((root) => depth[root] as number));
  const imported = module.imports.length;
  return { isRecursive: (definedIndex) => recursive[imported + definedIndex] === 1, reservedBytes };
}

interface Graph {
  readonly edges: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

/** Nodes: functions by index, then one node per distinct type that is called indirectly. */
function buildGraph(module: Module, sites: readonly CallSite[], taken: ReadonlySet<number>): Graph {
  const imported = module.imports.length;
  const edges: number[][] = module.functions.map((_, index) => [...(sites[index - imported]?.callees ?? [])]);
  const weights: number[] = module.functions.map((_, index) => sites[index - imported]?.frameBytes ?? 0);
  const nodeOfType = new Map<string, number>();
  const typeKey = (type: number): string => `${module.types[type]?.params}:${module.types[type]?.results}`;
  sites.forEach((site, i) => {
    for (const type of site.indirectTypes) {
      const key = typeKey(type);
      const node = nodeOfType.get(key) ?? edges.push([]) - 1;
      nodeOfType.set(key, node);
      weights[node] = 0;
      (edges[imported + i] as number[]).push(node);
    }
  });
  for (const index of taken) {
    const node = nodeOfType.get(typeKey(module.functions[index] as number));
    if (node !== undefined) (edges[node] as number[]).push(index);
  }
  return { edges, weights };
}

interface Condensed {
  /** 1 for nodes on a cycle. */
  readonly recursive: Uint8Array;
  /** Largest weight of a path from the node, nodes on cycles weighing nothing. */
  readonly depth: readonly number[];
}

/** Strongly connected components by Tarjan's algorithm with an explicit stack; components come out callees first. */
function condense({ edges, weights }: Graph): Condensed {
  const count = edges.length;
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const closed = new Uint8Array(count);
  const recursive = new Uint8Array(count);
  const depth = new Array<number>(count).fill(0);
  const open: number[] = [];
  const path: { node: number; next: number }[] = [];
  let clock = 0;

  const enter = (node: number): void => {
    order[node] = low[node] = clock++;
    open.push(node);
    path.push({ node, next: 0 });
  };
  const close = (node: number): void => {
    const members = open.splice(open.lastIndexOf(node));
    for (const member of members) closed[member] = 1;
    const cyclic = members.length > 1 || (edges[node] as readonly number[]).includes(node);
    let deepest = 0;
    for (const member of members) {
      recursive[member] = cyclic ? 1 : 0;
      for (const callee of edges[member] as readonly number[]) deepest = Math.max(deepest, depth[callee] as number);
    }
    for (const member of members) depth[member] = deepest + (cyclic ? 0 : (weights[member] as number));
  };

  for (let root = 0; root < count; root++) {
    if (order[root] !== -1) continue;
    enter(root);
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const { node } = frame;
      const callee = (edges[node] as readonly number[])[frame.next++];
      if (callee === undefined) {
        path.pop();
        const parent = path.at(-1);
        if (parent !== undefined) low[parent.node] = Math.min(low[parent.node] as number, low[node] as number);
        if (low[node] === order[node]) close(node);
      } else if (order[callee] === -1) enter(callee);
      else if (closed[callee] === 0) low[node] = Math.min(low[node] as number, order[callee] as number);
    }
  }
  return { recursive, depth };
}
