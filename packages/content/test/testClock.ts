/** A clock that stands where it is put, starting now. */
export function testClock(): { nowMs(): number; advance(ms: number): void } {
  let nowMs = Date.now();
  return {
    nowMs: () => nowMs,
    advance(ms) {
      nowMs += ms;
    },
  };
}
