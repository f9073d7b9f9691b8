// The command line.
#ifndef GO_MOVE_ARGUMENTS_H
#define GO_MOVE_ARGUMENTS_H

#include "board.h"

typedef struct {
  uint32_t size;     // 0 when not given
  bool has_komi;
  int half_komi;     // twice the komi
  Colour to_play;    // EMPTY when not given
  uint32_t seed;
  uint32_t playouts;
  const char *moves; // NULL when not given
  const char *board; // NULL when not given
} Arguments;

enum { DEFAULT_SIZE = 9, DEFAULT_HALF_KOMI = 15, DEFAULT_SEED = 1, DEFAULT_PLAYOUTS = 2000, MAX_PLAYOUTS = 1000000, MAX_HALF_KOMI = 800 };

// Refuses (exit code 2) what is unknown, doubled, malformed or out of range; --help ends the program.
Arguments arguments_parse(int count, char **values);

// Reads a komi such as "7.5", "-3" or "0"; false when it is not a multiple of one half between -400 and 400.
bool komi_parse(const char *text, int length, int *half_komi);

#endif
