/** Types that a browser shows without running anything. All else is offered as a download: content is anybody's. */
const INERT: Readonly<Record<string, string>> = {
  txt: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  zip: 'application/zip',
  wasm: 'application/wasm',
};

/** Content type by the ending of a file's name; `application/octet-stream` without one. */
export function mediaType(name: string | undefined): string {
  const ending = name?.includes('.') ? (name.split('.').at(-1) ?? '').toLowerCase() : '';
  return Object.hasOwn(INERT, ending) ? (INERT[ending] ?? '') : 'application/octet-stream';
}
