#include "position.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refuse.h"
#include "vertex.h"

enum { MAX_FILE = 1 << 16, MAX_PATH = 1024 };

void position_turn_to(Position *position, Colour colour) {
  Board *board = &position->board;
  if (board->to_play == colour) return;
  board->to_play = colour;
  board->ko = NO_POINT;
  board->passes = 0;
}

static const char *legality_text(Legality legality) {
  switch (legality) {
    case MOVE_OCCUPIED: return "the point is occupied";
    case MOVE_KO: return "it retakes a ko at once";
    case MOVE_SUICIDE: return "it would be suicide";
    case MOVE_LEGAL: break;
  }
  return "legal";
}

void position_play(Position *position, Point point) {
  Board *board = &position->board;
  int number = position->move_count + 1;
  if (board->passes >= 2) refuse("move %d comes after both sides passed", number);
  if (point != PASS) {
    Legality legality = board_legality(board, point);
    char vertex[VERTEX_LENGTH];
    vertex_format(board, point, vertex);
    if (legality != MOVE_LEGAL) refuse("move %d (%s %s) is not legal: %s", number, colour_name(board->to_play), vertex, legality_text(legality));
  }
  board_play(board, point);
  position->move_count = number;
}

static void resolve_path(const char *name, char path[MAX_PATH]) {
  const char *folder = getenv("IEXEC_IN");
  if (folder == NULL || *folder == '\0') folder = "/iexec_in";
  if (name[0] == '@') {
    char variable[64];
    snprintf(variable, sizeof variable, "IEXEC_INPUT_FILE_NAME_%.20s", name + 1);
    const char *input = getenv(variable);
    if (input == NULL || *input == '\0') refuse("--board %s: the request has no such input file", name);
    name = input;
  }
  int length = snprintf(path, MAX_PATH, name[0] == '/' ? "%.0s%s" : "%s/%s", folder, name);
  if (length >= MAX_PATH) refuse("--board: the file name is too long");
}

static const char *read_file(const char *name) {
  static char text[MAX_FILE + 1];
  char path[MAX_PATH];
  resolve_path(name, path);
  FILE *file = fopen(path, "rb");
  if (file == NULL) refuse("cannot open the board file %s: %s", path, strerror(errno));
  size_t length = fread(text, 1, sizeof text, file);
  bool failed = ferror(file) != 0;
  fclose(file);
  if (failed) refuse("cannot read the board file %s", path);
  if (length > MAX_FILE) refuse("the board file %s is larger than %d bytes", path, MAX_FILE);
  if (memchr(text, '\0', length) != NULL) refuse("the board file %s is not text", path);
  text[length] = '\0';
  return text;
}

// Calls back for every move of a list separated by spaces or commas; returns their number.
static int each_move(const char *list, void (*visit)(Position *, const char *, int), Position *position) {
  int count = 0;
  for (const char *c = list; *c != '\0';) {
    int length = (int)strcspn(c, " \t\r\n,");
    if (length > 0) {
      count += 1;
      if (visit != NULL) visit(position, c, length);
    }
    c += length;
    c += strspn(c, " \t\r\n,");
  }
  return count;
}

static void play_listed(Position *position, const char *text, int length) {
  Point point;
  if (!vertex_parse(&position->board, text, length, &point)) {
    refuse("--moves: \"%.*s\" is no point of a %dx%d board", length > 20 ? 20 : length, text, position->board.size, position->board.size);
  }
  position_play(position, point);
}

void position_read(const Arguments *arguments, Position *position) {
  memset(position, 0, sizeof *position);
  position->half_komi = DEFAULT_HALF_KOMI;
  if (arguments->board != NULL) {
    const char *text = read_file(arguments->board);
    if (text[strspn(text, " \t\r\n\xef\xbb\xbf")] == '(') position_read_sgf(position, text, arguments->size);
    else position_read_diagram(position, text, arguments->size);
  } else {
    board_init(&position->board, arguments->size != 0 ? arguments->size : DEFAULT_SIZE);
  }
  if (arguments->has_komi) position->half_komi = arguments->half_komi;
  const char *moves = arguments->moves != NULL ? arguments->moves : "";
  bool even = each_move(moves, NULL, NULL) % 2 == 0;
  if (arguments->to_play != EMPTY) position_turn_to(position, even ? arguments->to_play : opponent(arguments->to_play));
  each_move(moves, play_listed, position);
  if (position->board.passes >= 2) refuse("the game is over: both sides passed");
}
