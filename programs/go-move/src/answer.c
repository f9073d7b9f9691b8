#include "answer.h"

#include <stdio.h>

#include "files.h"
#include "vertex.h"

static void print_columns(const Board *board) {
  printf("  ");
  for (int column = 0; column < board->size; column++) printf(" %c", column_letter(column));
  printf("\n");
}

static void print_board(const Board *board) {
  print_columns(board);
  for (int row = 0; row < board->size; row++) {
    printf("%2d", board->size - row);
    for (int column = 0; column < board->size; column++) printf(" %c", ".XO"[board->colour[board_point(board, row, column)]]);
    printf(" %d\n", board->size - row);
  }
  print_columns(board);
}

static void format_komi(int half_komi, char out[16]) {
  int magnitude = half_komi < 0 ? -half_komi : half_komi;
  snprintf(out, 16, "%s%d%s", half_komi < 0 ? "-" : "", magnitude / 2, magnitude % 2 ? ".5" : "");
}

void answer_print(const Position *position, const Arguments *arguments, const SearchResult *result) {
  const Board *before = &position->board;
  char vertex[VERTEX_LENGTH], komi[16];
  Board after = *before;
  board_play(&after, result->top[0].move);
  print_board(&after);
  format_komi(position->half_komi, komi);
  vertex_format(before, result->top[0].move, vertex);
  printf("\n%s plays %s (X is Black, O is White)\n", before->to_play == BLACK ? "Black" : "White", vertex);
  printf("stones taken by Black %d, by White %d; komi %s\n", after.captured[WHITE], after.captured[BLACK], komi);
  printf("%u playouts, seed %u\n\n  move   visits   wins\n", (unsigned)arguments->playouts, (unsigned)arguments->seed);
  for (int i = 0; i < result->count; i++) {
    const Candidate *candidate = &result->top[i];
    vertex_format(before, candidate->move, vertex);
    printf("  %-4s %8u  %3u.%02u %%\n", vertex, (unsigned)candidate->visits, (unsigned)(candidate->win_rate / 100), (unsigned)(candidate->win_rate % 100));
  }
}

static void write_rate(FILE *file, uint32_t rate) {
  fprintf(file, "\"winRate\": %u.%04u", (unsigned)(rate / 10000), (unsigned)(rate % 10000));
}

static void write_move(FILE *file, const Position *position, const Arguments *arguments, const SearchResult *result) {
  const Board *board = &position->board;
  char vertex[VERTEX_LENGTH], komi[16];
  vertex_format(board, result->top[0].move, vertex);
  format_komi(position->half_komi, komi);
  fprintf(file, "{\n  \"move\": \"%s\",\n  \"player\": \"%s\",\n  ", vertex, colour_name(board->to_play));
  write_rate(file, result->top[0].win_rate);
  fprintf(file, ",\n  \"size\": %d,\n  \"komi\": %s,\n", board->size, komi);
  fprintf(file, "  \"seed\": %u,\n  \"playouts\": %u,\n  \"top\": [", (unsigned)arguments->seed, (unsigned)arguments->playouts);
  for (int i = 0; i < result->count; i++) {
    vertex_format(board, result->top[i].move, vertex);
    fprintf(file, "%s\n    { \"move\": \"%s\", \"visits\": %u, ", i == 0 ? "" : ",", vertex, (unsigned)result->top[i].visits);
    write_rate(file, result->top[i].win_rate);
    fprintf(file, " }");
  }
  fprintf(file, "\n  ]\n}\n");
}

void answer_write(const Position *position, const Arguments *arguments, const SearchResult *result) {
  Output output = output_open("move.json");
  write_move(output.stream, position, arguments, result);
  output_close(&output);
  output_declare("move.json");
}
