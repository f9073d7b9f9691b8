// Random games to the end, with just enough sense to be informative.
#ifndef GO_MOVE_PLAYOUT_H
#define GO_MOVE_PLAYOUT_H

#include "board.h"
#include "random.h"

// The moves since the root of the search, tree and playout together: record->move[i] was played by the side to play at the root when i is even.
enum { MAX_RECORD = 4 * MAX_SIZE * MAX_SIZE };
typedef struct {
  Point move[MAX_RECORD];
  int length;
} Record;

// Plays on until both sides pass or the record is full, appending the moves. The board is left at the end of the game.
void playout_run(Board *board, Record *record, Random *random);

// A legal move that captures nothing and leaves its own chain with one liberty.
bool playout_is_self_atari(const Board *board, Point point);

#endif
