// Games in SGF (FF 3 and 4): the main line, that is the first variation everywhere.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "position.h"
#include "refuse.h"
#include "vertex.h"

typedef struct {
  char name[3];      // property identifier, capitals only; longer ones are cut and match nothing
  const char *value; // between the brackets, escapes untouched
  int length;
} Property;

typedef void (*Visitor)(Position *position, const Property *property);

static const char *skip_space(const char *c) {
  return c + strspn(c, " \t\r\n\v\f");
}

// One value in brackets; returns the character after it.
static const char *read_value(const char *c, Property *property) {
  property->value = ++c;
  while (*c != ']') {
    if (*c == '\\' && c[1] != '\0') c += 1;
    if (*c == '\0') refuse("board file: an SGF value has no closing bracket");
    c += 1;
  }
  property->length = (int)(c - property->value);
  return c + 1;
}

static const char *read_property(const char *c, Visitor visit, Position *position) {
  Property property = {.name = ""};
  int length = 0;
  for (; isalpha((unsigned char)*c); c++) {
    if (islower((unsigned char)*c)) continue; // FF 3 writes "Black" for B
    if (length < 2) property.name[length] = *c;
    length += 1;
  }
  if (length == 0) refuse("board file: '%c' is not expected in SGF", isprint((unsigned char)*c) ? *c : '?');
  if (length > 2) property.name[0] = '\0';
  c = skip_space(c);
  if (*c != '[') refuse("board file: an SGF property has no value");
  while (*c == '[') {
    c = skip_space(read_value(c, &property));
    visit(position, &property);
  }
  return c;
}

static void walk_main_line(const char *text, Visitor visit, Position *position) {
  const char *c = strchr(text, '(') + 1;
  for (c = skip_space(c); *c != ')'; c = skip_space(c)) {
    if (*c == '\0') refuse("board file: the SGF game has no closing bracket");
    if (*c == ';' || *c == '(') c += 1;
    else c = read_property(c, visit, position);
  }
}

static bool is_named(const Property *property, const char *name) { return strcmp(property->name, name) == 0; }

static void read_header(Position *position, const Property *property) {
  if (is_named(property, "SZ")) {
    int size = 0;
    for (int i = 0; i < property->length; i++) {
      char c = property->value[i];
      if (!isdigit((unsigned char)c) || size > MAX_SIZE) refuse("board file: size SZ[%.*s] is not supported (%d to %d, square)", property->length > 9 ? 9 : property->length, property->value, MIN_SIZE, MAX_SIZE);
      size = 10 * size + (c - '0');
    }
    position->board.size = size;
  } else if (is_named(property, "KM")) {
    if (!komi_parse(property->value, property->length, &position->half_komi)) refuse("board file: komi KM[%.*s] is not a multiple of 0.5", property->length > 9 ? 9 : property->length, property->value);
  }
}

// Two letters, column then row from the top; empty, or tt on boards up to 19, is a pass.
static Point read_point(const Board *board, const char *text, int length) {
  if (length == 0 || (length == 2 && text[0] == 't' && text[1] == 't')) return PASS;
  int column = length == 2 ? text[0] - 'a' : -1, row = length == 2 ? text[1] - 'a' : -1;
  if (column < 0 || row < 0 || column >= board->size || row >= board->size) refuse("board file: SGF point [%.*s] is not on a %dx%d board", length > 9 ? 9 : length, text, board->size, board->size);
  return board_point(board, row, column);
}

static void set_up(Position *position, const Property *property, Colour colour) {
  Board *board = &position->board;
  bool rectangle = property->length == 5 && property->value[2] == ':';
  Point from = read_point(board, property->value, rectangle ? 2 : property->length);
  Point to = rectangle ? read_point(board, property->value + 3, 2) : from;
  if (from == PASS || to == PASS) refuse("board file: a set-up stone needs a point");
  for (int row = board_row(board, from); row <= board_row(board, to); row++) {
    for (int column = board_column(board, from); column <= board_column(board, to); column++) {
      Point point = board_point(board, row, column);
      if (board->colour[point] != EMPTY) refuse("board file: two stones are set up on one point");
      board_place(board, point, colour);
    }
  }
  board->ko = NO_POINT;
}

static void follow(Position *position, const Property *property) {
  Board *board = &position->board;
  if (is_named(property, "B") || is_named(property, "W")) {
    if (board_dead_chain(board) != NO_POINT) refuse("board file: a chain that was set up has no liberty");
    position_turn_to(position, property->name[0] == 'B' ? BLACK : WHITE);
    position_play(position, read_point(board, property->value, property->length));
  } else if (is_named(property, "AB")) set_up(position, property, BLACK);
  else if (is_named(property, "AW")) set_up(position, property, WHITE);
  else if (is_named(property, "AE")) refuse("board file: clearing points (AE) is not supported");
  else if (is_named(property, "HA") && property->length > 0 && strncmp(property->value, "0", 1) != 0) position_turn_to(position, WHITE);
  else if (is_named(property, "PL") && property->length > 0) position_turn_to(position, toupper((unsigned char)property->value[0]) == 'W' ? WHITE : BLACK);
}

void position_read_sgf(Position *position, const char *text, int size) {
  position->board.size = MAX_SIZE; // what SGF means when it gives no size
  walk_main_line(text, read_header, position);
  int file_size = position->board.size;
  if (file_size < MIN_SIZE || file_size > MAX_SIZE) refuse("board file: size %d is not supported (%d to %d)", file_size, MIN_SIZE, MAX_SIZE);
  if (size != 0 && size != file_size) refuse("--size %d contradicts the board file (%d)", size, file_size);
  board_init(&position->board, file_size);
  walk_main_line(text, follow, position);
  if (board_dead_chain(&position->board) != NO_POINT) refuse("board file: a chain that was set up has no liberty");
}
