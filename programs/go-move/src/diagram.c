// Positions drawn as text: rows of . (or +) X (or #) O, top row first, spaces and row numbers as one likes, a line of column letters
// above or below, and optionally a line "white to play".
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "position.h"
#include "refuse.h"

typedef struct {
  const char *start;
  int length;
} Line;

static bool next_line(const char **text, Line *line) {
  if (**text == '\0') return false;
  int length = (int)strcspn(*text, "\r\n");
  line->start = *text;
  line->length = length;
  *text += length;
  if (**text != '\0') *text += 1;
  return true;
}

static Line trim(Line line, bool digits) {
  while (line.length > 0 && (isspace((unsigned char)line.start[0]) || (digits && isdigit((unsigned char)line.start[0])))) {
    line.start += 1;
    line.length -= 1;
  }
  while (line.length > 0) {
    char last = line.start[line.length - 1];
    if (!isspace((unsigned char)last) && !(digits && isdigit((unsigned char)last))) break;
    line.length -= 1;
  }
  return line;
}

static Colour turn_line(Line line) {
  if (line.length == 13 && strncasecmp(line.start, "black to play", 13) == 0) return BLACK;
  if (line.length == 13 && strncasecmp(line.start, "white to play", 13) == 0) return WHITE;
  return EMPTY;
}

static int read_row(Line line, int number, Colour cells[MAX_SIZE]) {
  int count = 0;
  for (int i = 0; i < line.length; i++) {
    char c = line.start[i];
    if (isspace((unsigned char)c)) continue;
    const char *kind = strchr(".+Xx#Oo", c);
    if (kind == NULL) refuse("board file, line %d: '%c' is not one of . X O", number, isprint((unsigned char)c) ? c : '?');
    if (count == MAX_SIZE) refuse("board file, line %d: more than %d points", number, MAX_SIZE);
    cells[count++] = strchr(".+", c) ? EMPTY : strchr("Xx#", c) ? BLACK : WHITE;
  }
  return count;
}

void position_read_diagram(Position *position, const char *text, int size) {
  Colour cells[MAX_SIZE][MAX_SIZE], to_play = BLACK;
  int rows = 0, width = 0, number = 0;
  Line line;
  while (next_line(&text, &line)) {
    number += 1;
    line = trim(line, false);
    if (line.length == 0 || toupper((unsigned char)line.start[0]) == 'A') continue;
    Colour turn = turn_line(line);
    if (turn != EMPTY) {
      to_play = turn;
      continue;
    }
    if (rows == MAX_SIZE) refuse("board file, line %d: more than %d rows", number, MAX_SIZE);
    int count = read_row(trim(line, true), number, cells[rows++]);
    if (rows > 1 && count != width) refuse("board file, line %d: %d points, but %d in the row above", number, count, width);
    width = count;
  }
  if (rows != width || rows < MIN_SIZE) refuse("board file: %d rows of %d points; a board is square, %d to %d", rows, width, MIN_SIZE, MAX_SIZE);
  if (size != 0 && size != rows) refuse("--size %d contradicts the board file (%d)", size, rows);
  board_init(&position->board, rows);
  for (int row = 0; row < rows; row++) {
    for (int column = 0; column < rows; column++) {
      if (cells[row][column] != EMPTY) board_place(&position->board, board_point(&position->board, row, column), cells[row][column]);
    }
  }
  if (board_dead_chain(&position->board) != NO_POINT) refuse("board file: a chain has no liberty");
  position->board.to_play = to_play;
}
