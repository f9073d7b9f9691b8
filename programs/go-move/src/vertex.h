// Points as people write them: a column letter without I and a row number from the bottom ("E5"), or "pass".
#ifndef GO_MOVE_VERTEX_H
#define GO_MOVE_VERTEX_H

#include "board.h"

enum { VERTEX_LENGTH = 5 }; // "pass" and a terminator

// Reads `length` characters; false when they are no point of the board and not "pass".
bool vertex_parse(const Board *board, const char *text, int length, Point *point);

void vertex_format(const Board *board, Point point, char out[VERTEX_LENGTH]);

static inline char column_letter(int column) { return (char)('A' + column + (column >= 'I' - 'A')); }

static inline const char *colour_name(Colour colour) { return colour == BLACK ? "black" : "white"; }

#endif
