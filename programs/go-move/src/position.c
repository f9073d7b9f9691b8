#include "position.h"

#include <string.h>

#include "files.h"
#include "refuse.h"
#include "vertex.h"

enum { MAX_FILE = 1 << 16 };

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
    const char *text = input_read_text("board", arguments->board, MAX_FILE);
    if (text[strspn(text, " \t\r\n\xef\xbb\xbf")] == '(') position_read_sgf(position, text, (int)arguments->size);
    else position_read_diagram(position, text, (int)arguments->size);
  } else {
    board_init(&position->board, arguments->size != 0 ? (int)arguments->size : DEFAULT_SIZE);
  }
  if (arguments->has_komi) position->half_komi = arguments->half_komi;
  const char *moves = arguments->moves != NULL ? arguments->moves : "";
  bool even = each_move(moves, NULL, NULL) % 2 == 0;
  if (arguments->to_play != EMPTY) position_turn_to(position, even ? arguments->to_play : opponent(arguments->to_play));
  each_move(moves, play_listed, position);
  if (position->board.passes >= 2) refuse("the game is over: both sides passed");
}
