import { GleanerError, type NanoRlc, show } from '@gleaner/primitives';

const DECIMALS = 9;

/** `1500000000n` → `1.5 RLC`. */
export function formatRlc(amount: NanoRlc): string {
  const sign = amount < 0n ? '-' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(DECIMALS + 1, '0');
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -DECIMALS)}${fraction === '' ? '' : `.${fraction}`} RLC`;
}

/**
 * An amount as people type it: `1.5`, `1.5RLC`, `1.5 RLC` in RLC, or `1500000000nRLC`.
 * @throws {GleanerError} bad-request for anything else, also for more than nine decimals
 */
export function parseRlc(text: string): NanoRlc {
  const nano = /^\s*(\d{1,30})\s*nrlc\s*$/i.exec(text);
  if (nano?.[1] !== undefined) return BigInt(nano[1]);
  const rlc = /^\s*(\d{1,20})(?:\.(\d{1,9}))?\s*(?:rlc)?\s*$/i.exec(text);
  if (rlc?.[1] === undefined) {
    throw new GleanerError('bad-request', `An amount is written like 1.5 (RLC, up to nine decimals) or 1500000000nRLC, got ${show(text)}`, {
      details: { value: show(text) },
    });
  }
  return BigInt(rlc[1]) * 10n ** BigInt(DECIMALS) + BigInt((rlc[2] ?? '').padEnd(DECIMALS, '0'));
}

/** `1536` → `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${step === 0 ? bytes : (bytes / 1024 ** step).toFixed(1)} ${units[step]}`;
}

/** `4000` → `1 h 6 min 40 s`. */
export function formatDuration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [Math.round(seconds % 60), 's'],
  ];
  const shown = parts.filter(([value]) => value > 0).map(([value, unit]) => `${value} ${unit}`);
  return shown.length === 0 ? '0 s' : shown.join(' ');
}
