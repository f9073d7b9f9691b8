// xoshiro128** seeded through splitmix64: small, fast, the same on every machine.
#ifndef GO_MOVE_RANDOM_H
#define GO_MOVE_RANDOM_H

#include <stdint.h>

typedef struct {
  uint32_t state[4];
} Random;

static inline uint64_t split_mix(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static inline void random_seed(Random *random, uint32_t seed) {
  uint64_t state = seed;
  for (int i = 0; i < 4; i += 2) {
    uint64_t word = split_mix(&state);
    random->state[i] = (uint32_t)word;
    random->state[i + 1] = (uint32_t)(word >> 32);
  }
}

static inline uint32_t rotate_left(uint32_t x, int bits) { return (x << bits) | (x >> (32 - bits)); }

static inline uint32_t random_next(Random *random) {
  uint32_t *s = random->state;
  uint32_t result = rotate_left(s[1] * 5, 7) * 9, shifted = s[1] << 9;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate_left(s[3], 11);
  return result;
}

// A number below limit (1 … 2^32 - 1). The bias is under limit / 2^32.
static inline uint32_t random_below(Random *random, uint32_t limit) {
  return (uint32_t)(((uint64_t)random_next(random) * limit) >> 32);
}

#endif
