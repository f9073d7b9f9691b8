import type { Address } from '@gleaner/primitives';
import type { Gleaner } from '@gleaner/sdk';

/** Names never change once an app is registered. */
const names = new Map<Address, string>();

/** Names of apps by address. An app whose name cannot be read is left out, its address stands for it. */
export async function readAppNames(gleaner: Gleaner, apps: readonly Address[]): Promise<ReadonlyMap<Address, string>> {
  const unknown = [...new Set(apps)].filter((app) => !names.has(app));
  await Promise.all(
    unknown.map(async (app) => {
      const info = await gleaner.assets.getApp(app).catch(() => undefined);
      if (info !== undefined) names.set(app, info.name);
    }),
  );
  return names;
}
