// The position to answer, from the arguments and the board file.
#ifndef GO_MOVE_POSITION_H
#define GO_MOVE_POSITION_H

#include "arguments.h"
#include "board.h"

typedef struct {
  Board board;
  int half_komi;
  int move_count; // moves played to reach the position, passes included
} Position;

// Refuses (exit code 2) an unreadable file, an illegal move and a game that is over.
void position_read(const Arguments *arguments, Position *position);

// Plays a move of the record, refusing an illegal one with its number.
void position_play(Position *position, Point point);

// Makes this side play next; a ko ban and a pass end when the order of turns is broken.
void position_turn_to(Position *position, Colour colour);

// Fill an unset position from the text of a file. `size` is 0 or the size the file must have.
void position_read_sgf(Position *position, const char *text, int size);
void position_read_diagram(Position *position, const char *text, int size);

#endif
