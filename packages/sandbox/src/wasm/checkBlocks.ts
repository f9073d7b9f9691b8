import { type Code, OP } from './decodeBody.ts';
import { MAX_LOCALS_BY_BLOCKS } from './limits.ts';
import { invalid } from './refuse.ts';

/**
 * Bounds what an optimising compiler holds while it compiles a body: the state of all locals at each block and branch.
 * @throws {GleanerError} program-invalid
 */
export function checkBlocks(code: Code, locals: number): void {
  let blocks = 0;
  for (const op of code.op) if (op >= OP.block && op <= OP.brTable) blocks++;
  if (locals * blocks > MAX_LOCALS_BY_BLOCKS) {
    invalid(`${locals} locals and ${blocks} blocks and branches in one function: too much to compile`, { locals, blocks });
  }
}
