import { GleanerError } from '@gleaner/primitives';

/**
 * Document with its generated tables put in: each stands between `<!-- generated: name -->` and `<!-- end -->`.
 * @throws {GleanerError} bad-request when a place has no table or a table no place
 */
export function fillTables(document: string, tables: Readonly<Record<string, () => string>>): string {
  const placed = new Set<string>();
  const filled = document.replace(/<!-- generated: ([a-z-]+) -->\n[\s\S]*?<!-- end -->/g, (_, name: string) => {
    const table = tables[name];
    if (table === undefined)
      throw new GleanerError('bad-request', `No generated table is called ${name}; there are ${Object.keys(tables).join(', ')}`);
    placed.add(name);
    return `<!-- generated: ${name} -->\n\n${table()}\n\n<!-- end -->`;
  });
  const missing = Object.keys(tables).filter((name) => !placed.has(name));
  if (missing.length > 0) throw new GleanerError('bad-request', `The document has no place for ${missing.join(', ')}`);
  return filled;
}
