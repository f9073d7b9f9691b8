#include "vertex.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

bool vertex_parse(const Board *board, const char *text, int length, Point *point) {
  if (length == 4 && strncasecmp(text, "pass", 4) == 0) {
    *point = PASS;
    return true;
  }
  if (length < 2 || length > 3) return false;
  int letter = toupper((unsigned char)text[0]), row = 0;
  if (letter < 'A' || letter > 'T' || letter == 'I' || text[1] == '0') return false;
  for (int i = 1; i < length; i++) {
    if (!isdigit((unsigned char)text[i])) return false;
    row = 10 * row + (text[i] - '0');
  }
  int column = letter - 'A' - (letter > 'I');
  if (column >= board->size || row > board->size) return false;
  *point = board_point(board, board->size - row, column);
  return true;
}

void vertex_format(const Board *board, Point point, char out[VERTEX_LENGTH]) {
  if (point == PASS) snprintf(out, VERTEX_LENGTH, "pass");
  else snprintf(out, VERTEX_LENGTH, "%c%d", column_letter(board_column(board, point)), (board->size - board_row(board, point)) % 100);
}
