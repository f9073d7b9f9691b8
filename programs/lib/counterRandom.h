// Philox4x32-10 (Salmon et al., «Parallel random numbers: as easy as 1, 2, 3», 2011): random words as a function of a key and a counter,
// so any part of the stream can be had without the rest of it.
#ifndef LIB_COUNTER_RANDOM_H
#define LIB_COUNTER_RANDOM_H

#include <stdint.h>

typedef struct {
  uint32_t word[4];
} Quad;

static inline Quad counter_random(uint32_t key0, uint32_t key1, Quad counter) {
  uint32_t *c = counter.word;
  for (int round = 0; round < 10; round++) {
    uint64_t left = (uint64_t)0xd2511f53u * c[0], right = (uint64_t)0xcd9e8d57u * c[2];
    uint32_t next0 = (uint32_t)(right >> 32) ^ c[1] ^ key0, next2 = (uint32_t)(left >> 32) ^ c[3] ^ key1;
    c[0] = next0;
    c[1] = (uint32_t)right;
    c[2] = next2;
    c[3] = (uint32_t)left;
    key0 += 0x9e3779b9u;
    key1 += 0xbb67ae85u;
  }
  return counter;
}

// A number of the open interval 0 to 1, an odd multiple of 2^-53, of two words.
static inline double unit_open(uint32_t high, uint32_t low) {
  return ((double)((uint64_t)high << 20 | low >> 12) + 0.5) * 0x1p-52;
}

#endif
