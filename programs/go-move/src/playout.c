#include "playout.h"

// Liberties of the chain on a stone other than the given one: 0, 1 (then *other is it) or 2 for more.
static int liberties_besides(const Board *board, Point stone, Point liberty, Point *other) {
  Point around[4], head = board->head[stone];
  const Chain *chain = &board->chain[head];
  int contacts = 0;
  board_neighbours(board, liberty, around);
  for (int i = 0; i < 4; i++) contacts += board->colour[around[i]] == board->colour[stone] && board->head[around[i]] == head;
  int64_t count = chain->liberties - contacts;
  int64_t sum = chain->liberty_sum - (int64_t)contacts * liberty;
  int64_t squares = chain->liberty_squares - (int64_t)contacts * liberty * liberty;
  if (count == 0) return 0;
  if (count * squares != sum * sum) return 2;
  *other = (Point)(sum / count);
  return 1;
}

// Liberties the stone would have here: 0, 1 or 2 for more. A capture counts as 2.
static int liberties_after(const Board *board, Point point) {
  Point around[4], liberty, only = NO_POINT;
  board_neighbours(board, point, around);
  for (int i = 0; i < 4; i++) {
    if (board->colour[around[i]] == opponent(board->to_play) && board_in_atari(board, around[i], &liberty)) return 2;
  }
  for (int i = 0; i < 4; i++) {
    Colour there = board->colour[around[i]];
    int count = 0;
    liberty = around[i];
    if (there == EMPTY) count = 1;
    else if (there == board->to_play) count = liberties_besides(board, around[i], point, &liberty);
    if (count == 2 || (count == 1 && only != NO_POINT && only != liberty)) return 2;
    if (count == 1) only = liberty;
  }
  return only == NO_POINT ? 0 : 1;
}

bool playout_is_self_atari(const Board *board, Point point) { return liberties_after(board, point) < 2; }

static bool is_playable(const Board *board, Point point) {
  return board_legality(board, point) == MOVE_LEGAL && !board_is_eye(board, point, board->to_play);
}

// Answers to the last move: take a chain it left in atari, else save an own chain it put in atari.
static Point find_answer(const Board *board) {
  Point last = board->last_move, liberty, around[4], rescue = NO_POINT;
  if (last == PASS || last == NO_POINT || board->colour[last] == EMPTY) return NO_POINT;
  if (board_in_atari(board, last, &liberty) && board_legality(board, liberty) == MOVE_LEGAL) return liberty;
  board_neighbours(board, last, around);
  for (int i = 0; i < 4; i++) {
    if (board->colour[around[i]] != board->to_play || !board_in_atari(board, around[i], &liberty)) continue;
    if (board_legality(board, liberty) == MOVE_LEGAL && liberties_after(board, liberty) > 1) rescue = liberty;
  }
  return rescue;
}

static Point choose_move(const Board *board, Random *random) {
  Point answer = find_answer(board);
  if (answer != NO_POINT) return answer;
  if (board->empty_count == 0) return PASS;
  int start = (int)random_below(random, (uint32_t)board->empty_count);
  Point poor = PASS;
  for (int i = 0; i < board->empty_count; i++) {
    int index = start + i < board->empty_count ? start + i : start + i - board->empty_count;
    Point point = board->empties[index];
    if (!is_playable(board, point)) continue;
    if (!playout_is_self_atari(board, point)) return point;
    if (poor == PASS) poor = point;
  }
  return poor;
}

void playout_run(Board *board, Record *record, Random *random) {
  int limit = record->length + 3 * board->size * board->size;
  if (limit > MAX_RECORD) limit = MAX_RECORD;
  while (board->passes < 2 && record->length < limit) {
    Point move = choose_move(board, random);
    record->move[record->length++] = move;
    board_play(board, move);
  }
}
