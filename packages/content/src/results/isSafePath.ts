/**
 * A relative path that means the same everywhere: parts of 1 to 255 bytes between `/`, none of them `.` or `..`,
 * no backslash, no control character, no drive letter.
 */
export function isSafePath(path: string): boolean {
  if (/\\|^[A-Za-z]:/.test(path) || [...path].some(isControl)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && new TextEncoder().encode(part).length <= 255);
}

function isControl(character: string): boolean {
  return character < ' ' || character === '\x7f';
}
