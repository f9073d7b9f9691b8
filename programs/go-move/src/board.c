#include "board.h"

#include <string.h>

static inline bool is_stone(Colour colour) { return colour == BLACK || colour == WHITE; }

static void add_liberty(Chain *chain, Point point) {
  chain->liberties += 1;
  chain->liberty_sum += point;
  chain->liberty_squares += (int64_t)point * point;
}

static void remove_liberty(Chain *chain, Point point) {
  chain->liberties -= 1;
  chain->liberty_sum -= point;
  chain->liberty_squares -= (int64_t)point * point;
}

static void add_empty(Board *board, Point point) {
  board->empty_index[point] = (int16_t)board->empty_count;
  board->empties[board->empty_count++] = point;
}

static void remove_empty(Board *board, Point point) {
  Point last = board->empties[--board->empty_count];
  int16_t index = board->empty_index[point];
  board->empties[index] = last;
  board->empty_index[last] = index;
}

void board_init(Board *board, int size) {
  memset(board, 0, sizeof *board);
  board->size = size;
  board->stride = size + 1;
  board->to_play = BLACK;
  board->ko = NO_POINT;
  board->last_move = NO_POINT;
  memset(board->colour, BORDER, sizeof board->colour);
  for (int row = 0; row < size; row++) {
    for (int column = 0; column < size; column++) {
      Point point = board_point(board, row, column);
      board->colour[point] = EMPTY;
      add_empty(board, point);
    }
  }
}

// The smaller chain moves into the larger one.
static void merge_chains(Board *board, Point a, Point b) {
  Point keep = board->head[a], drop = board->head[b];
  if (keep == drop) return;
  if (board->chain[keep].stones < board->chain[drop].stones) {
    Point swap = keep;
    keep = drop;
    drop = swap;
  }
  Chain *kept = &board->chain[keep];
  const Chain *dropped = &board->chain[drop];
  kept->liberties += dropped->liberties;
  kept->liberty_sum += dropped->liberty_sum;
  kept->liberty_squares += dropped->liberty_squares;
  kept->stones += dropped->stones;
  Point stone = drop;
  do {
    board->head[stone] = keep;
    stone = board->next[stone];
  } while (stone != drop);
  Point after = board->next[keep];
  board->next[keep] = board->next[drop];
  board->next[drop] = after;
}

void board_place(Board *board, Point point, Colour colour) {
  Point around[4];
  board_neighbours(board, point, around);
  remove_empty(board, point);
  board->colour[point] = colour;
  board->head[point] = point;
  board->next[point] = point;
  board->chain[point] = (Chain){.stones = 1};
  for (int i = 0; i < 4; i++) {
    Colour there = board->colour[around[i]];
    if (there == EMPTY) add_liberty(&board->chain[point], around[i]);
    else if (is_stone(there)) remove_liberty(&board->chain[board->head[around[i]]], point);
  }
  for (int i = 0; i < 4; i++) {
    if (board->colour[around[i]] == colour) merge_chains(board, around[i], point);
  }
}

Point board_dead_chain(const Board *board) {
  for (int row = 0; row < board->size; row++) {
    for (int column = 0; column < board->size; column++) {
      Point point = board_point(board, row, column);
      if (is_stone(board->colour[point]) && board->chain[board->head[point]].liberties == 0) return point;
    }
  }
  return NO_POINT;
}

bool board_in_atari(const Board *board, Point stone, Point *liberty) {
  const Chain *chain = &board->chain[board->head[stone]];
  if (chain->liberties == 0) return false;
  int64_t sum = chain->liberty_sum;
  if (chain->liberties * chain->liberty_squares != sum * sum) return false;
  *liberty = (Point)(sum / chain->liberties);
  return true;
}

Legality board_legality(const Board *board, Point point) {
  if (board->colour[point] != EMPTY) return MOVE_OCCUPIED;
  if (point == board->ko) return MOVE_KO;
  Point around[4], liberty;
  board_neighbours(board, point, around);
  for (int i = 0; i < 4; i++) {
    Colour there = board->colour[around[i]];
    if (there == EMPTY) return MOVE_LEGAL;
    if (there == BORDER) continue;
    bool atari = board_in_atari(board, around[i], &liberty);
    if ((there == board->to_play) != atari) return MOVE_LEGAL; // joins a chain that keeps a liberty, or captures
  }
  return MOVE_SUICIDE;
}

static void remove_chain(Board *board, Point head) {
  Colour colour = board->colour[head];
  Point stone = head;
  do {
    board->colour[stone] = EMPTY;
    add_empty(board, stone);
    board->captured[colour] += 1;
    stone = board->next[stone];
  } while (stone != head);
  do {
    Point around[4];
    board_neighbours(board, stone, around);
    for (int i = 0; i < 4; i++) {
      if (is_stone(board->colour[around[i]])) add_liberty(&board->chain[board->head[around[i]]], stone);
    }
    stone = board->next[stone];
  } while (stone != head);
}

void board_play(Board *board, Point point) {
  Colour mover = board->to_play, other = opponent(mover);
  board->to_play = other;
  board->last_move = point;
  board->ko = NO_POINT;
  if (point == PASS) {
    board->passes += 1;
    return;
  }
  board->passes = 0;
  board_place(board, point, mover);
  Point around[4], taken = NO_POINT;
  int before = board->captured[other];
  board_neighbours(board, point, around);
  for (int i = 0; i < 4; i++) {
    if (board->colour[around[i]] != other) continue;
    Point head = board->head[around[i]];
    if (board->chain[head].liberties != 0) continue;
    taken = around[i];
    remove_chain(board, head);
  }
  const Chain *own = &board->chain[board->head[point]];
  if (board->captured[other] - before == 1 && own->stones == 1 && own->liberties == 1) board->ko = taken;
}

bool board_is_eye(const Board *board, Point point, Colour colour) {
  Point around[4];
  board_neighbours(board, point, around);
  for (int i = 0; i < 4; i++) {
    Colour there = board->colour[around[i]];
    if (there != colour && there != BORDER) return false;
  }
  int stride = board->stride;
  const Point diagonal[4] = {(Point)(point - stride - 1), (Point)(point - stride + 1), (Point)(point + stride - 1), (Point)(point + stride + 1)};
  int hostile = 0, border = 0;
  for (int i = 0; i < 4; i++) {
    Colour there = board->colour[diagonal[i]];
    hostile += there == opponent(colour);
    border += there == BORDER;
  }
  return hostile + (border > 0) < 2;
}

// Size of the empty region around a point; *reaches collects the colours (as bits) that border it.
static int flood_region(const Board *board, Point start, bool seen[MAX_POINTS], int *reaches) {
  Point stack[MAX_SIZE * MAX_SIZE];
  int depth = 0, region = 0;
  stack[depth++] = start;
  seen[start] = true;
  while (depth > 0) {
    Point around[4], point = stack[--depth];
    region += 1;
    board_neighbours(board, point, around);
    for (int i = 0; i < 4; i++) {
      Colour there = board->colour[around[i]];
      if (is_stone(there)) *reaches |= there;
      if (there != EMPTY || seen[around[i]]) continue;
      seen[around[i]] = true;
      stack[depth++] = around[i];
    }
  }
  return region;
}

int board_area(const Board *board) {
  bool seen[MAX_POINTS] = {false};
  int area = 0;
  for (int row = 0; row < board->size; row++) {
    for (int column = 0; column < board->size; column++) {
      Point point = board_point(board, row, column);
      Colour there = board->colour[point];
      if (there == BLACK) area += 1;
      else if (there == WHITE) area -= 1;
      else if (!seen[point]) {
        int reaches = 0;
        int region = flood_region(board, point, seen, &reaches);
        if (reaches == BLACK) area += region;
        else if (reaches == WHITE) area -= region;
      }
    }
  }
  return area;
}
