import { describe, expect, it } from 'vitest';
import { playCopyGame } from './copyGame.ts';

describe('the copying game', () => {
  it('reads every unsalted hash of one bit, and no seal', () => {
    const { pocoRead, pocoMostHashes, copiedSealAccepted, copiedSecretsAccepted, sealRead, guessedRight } = playCopyGame(100, 1);
    expect([pocoRead, pocoMostHashes]).toEqual([100, 2]);
    expect([copiedSealAccepted, copiedSecretsAccepted, sealRead]).toEqual([0, 0, 0]);
    expect(guessedRight).toBeGreaterThan(20);
    expect(guessedRight).toBeLessThan(80);
  });
});
