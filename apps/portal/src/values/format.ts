import type { NanoRlc } from '@gleaner/primitives';

const DECIMALS = 9;

/** `1500000000n` → `1.5`, without a unit; thousands are set apart by a narrow space. */
export function formatRlc(amount: NanoRlc): string {
  const sign = amount < 0n ? '−' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(DECIMALS + 1, '0');
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '');
  return `${sign}${groupDigits(digits.slice(0, -DECIMALS))}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Wei of the chain's coin, cut after four decimals. */
export function formatCoin(wei: bigint): string {
  const [whole, fraction] = [wei / 10n ** 18n, wei % 10n ** 18n];
  const shown = fraction.toString().padStart(18, '0').slice(0, 4).replace(/0+$/, '');
  if (shown === '' && whole === 0n && wei > 0n) return '< 0.0001';
  return `${groupDigits(whole.toString())}${shown === '' ? '' : `.${shown}`}`;
}

/** `1234567` → `1 234 567`. */
export function groupDigits(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** `4000` → `1 h 6 min 40 s`; at most the three largest units. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor((whole % 86_400) / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'min'],
    [whole % 60, 's'],
  ];
  const shown = parts.filter(([value]) => value > 0).slice(0, 3);
  return shown.length === 0 ? '0 s' : shown.map(([value, unit]) => `${value} ${unit}`).join(' ');
}

/** The distance between two times in its largest unit: `12 s ago`, `in 3 min`, `now`. */
export function formatDistance(atSec: number, nowSec: number): string {
  const distance = Math.round(atSec - nowSec);
  const size = Math.abs(distance);
  if (size < 1) return 'now';
  const [unitSec, unit] = size < 60 ? [1, 's'] : size < 3600 ? [60, 'min'] : size < 86_400 ? [3600, 'h'] : [86_400, 'd'];
  const text = `${Math.floor(size / unitSec)} ${unit}`;
  return distance < 0 ? `${text} ago` : `in ${text}`;
}

/** Local date and time to the second, `2026-03-04 14:03:22`. */
export function formatTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `0x1234…cdef`; short texts stay whole. */
export function shorten(text: string, head = 6, tail = 4): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
}

/** `0.999` → `99.9 %`; 15 digits at most, never rounded up to 100 %. */
export function formatConfidence(confidence: number): string {
  const percent = confidence * 100;
  const text = percent.toFixed(6).replace(/\.?0+$/, '');
  return confidence < 1 && text === '100' ? '> 99.999999 %' : `${text} %`;
}

/** One thing, many things. */
export function countOf(count: number | bigint, one: string, many = `${one}s`): string {
  return `${groupDigits(count.toString())} ${BigInt(count) === 1n ? one : many}`;
}
