// Monte-Carlo tree search: UCT with first-play values from the rules of thumb and from moves played later (RAVE).
#ifndef GO_MOVE_SEARCH_H
#define GO_MOVE_SEARCH_H

#include "board.h"

enum { MAX_TOP_MOVES = 5 };

typedef struct {
  Point move;
  uint32_t visits;
  uint32_t win_rate; // for the side to play, in units of 1/10000; a draw is half a win
} Candidate;

typedef struct {
  Candidate top[MAX_TOP_MOVES]; // most visits first; the first is the answer
  int count;                    // at least 1
} SearchResult;

typedef struct {
  uint32_t seed;
  uint32_t playouts;
  int half_komi; // twice the komi, given to White
} SearchOptions;

// Same position and options, same result. The game must not be over.
// Returns false when memory for the tree cannot be had.
bool search_run(const Board *position, const SearchOptions *options, SearchResult *result);

#endif
