import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GleanerError } from '@gleaner/primitives';

const PLATFORMS: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-amd64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-amd64',
  'darwin-arm64': 'darwin-arm64',
};

/**
 * Path of the anvil binary inside its npm platform package.
 * @throws {GleanerError} tool-missing on another platform, or when npm left the optional package out
 */
export function anvilPath(): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = PLATFORMS[platform];
  if (!name)
    throw new GleanerError('tool-missing', `No local chain for ${platform}: anvil has no package for it`, { details: { platform } });
  const packageName = `@foundry-rs/anvil-${name}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`)), 'bin', 'anvil');
  } catch (cause) {
    throw new GleanerError('tool-missing', `The npm package ${packageName} is not installed; run npm ci without --omit=optional`, {
      cause,
    });
  }
}
