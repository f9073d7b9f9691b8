// What the program says: the board and the move for people, move.json and computed.json for programs.
#ifndef GO_MOVE_ANSWER_H
#define GO_MOVE_ANSWER_H

#include "arguments.h"
#include "position.h"
#include "search.h"

// Prints the position after the move, and how it was found, to standard output.
void answer_print(const Position *position, const Arguments *arguments, const SearchResult *result);

// Writes move.json, then computed.json which names it as the deterministic output. Fails (exit code 1) when it cannot.
void answer_write(const Position *position, const Arguments *arguments, const SearchResult *result);

#endif
