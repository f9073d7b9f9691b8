// The board of Go and its rules: captures, simple ko, no suicide, area scoring.
#ifndef GO_MOVE_BOARD_H
#define GO_MOVE_BOARD_H

#include <stdbool.h>
#include <stdint.h>

enum { MIN_SIZE = 5, MAX_SIZE = 19 };

// Points are numbered row by row, top row first, with one border point after each row and a border row above and below:
// point = (row + 1) * (size + 1) + column. The right border of a row serves as the left border of the next.
enum { MAX_POINTS = (MAX_SIZE + 2) * (MAX_SIZE + 1) + 1 };

typedef int16_t Point;
enum { PASS = 0, NO_POINT = -1 }; // point 0 is always border, so it can stand for a pass

typedef uint8_t Colour;
enum { EMPTY = 0, BLACK = 1, WHITE = 2, BORDER = 3 };

static inline Colour opponent(Colour colour) { return (Colour)(BLACK + WHITE - colour); }

// What is known of a chain, stored at its head. Every contact between a stone and an empty point counts once ("pseudo-liberty"),
// so an empty point touching two stones of the chain counts twice. A chain is in atari exactly when all its pseudo-liberties are the
// same point, that is when count * sum of squares == sum * sum.
typedef struct {
  int32_t liberties;     // pseudo-liberties
  int32_t liberty_sum;   // sum of their points
  int64_t liberty_squares;
  int32_t stones;
} Chain;

typedef struct {
  int size;
  int stride;             // size + 1
  Colour to_play;
  Point ko;               // point the side to play may not take, or NO_POINT
  int passes;             // passes in a row that ended the sequence so far
  Point last_move;        // PASS, a point, or NO_POINT when unknown
  int captured[3];        // stones taken, by the colour that lost them
  int empty_count;
  Colour colour[MAX_POINTS];
  Point head[MAX_POINTS]; // of the chain on a point
  Point next[MAX_POINTS]; // next stone of the chain, circular
  Chain chain[MAX_POINTS];
  Point empties[MAX_SIZE * MAX_SIZE];
  int16_t empty_index[MAX_POINTS];
} Board;

typedef enum { MOVE_LEGAL, MOVE_OCCUPIED, MOVE_KO, MOVE_SUICIDE } Legality;

void board_init(Board *board, int size);

// Puts a stone down without playing it: nothing is captured. Used to set up positions.
void board_place(Board *board, Point point, Colour colour);

// First stone of a chain without liberties, or NO_POINT. A position with such a chain cannot arise.
Point board_dead_chain(const Board *board);

// May the side to play move at this empty or occupied point of the board? (A pass is always legal.)
Legality board_legality(const Board *board, Point point);

// Plays a legal move or PASS for the side to play.
void board_play(Board *board, Point point);

// True when the single liberty of the chain on this stone is all it has; *liberty receives it.
bool board_in_atari(const Board *board, Point stone, Point *liberty);

// An empty point that only a fool of this colour would fill: surrounded by own stones, and not a false eye.
bool board_is_eye(const Board *board, Point point, Colour colour);

// Black's area minus White's, every stone on the board alive, before komi.
int board_area(const Board *board);

static inline Point board_point(const Board *board, int row, int column) {
  return (Point)((row + 1) * board->stride + column + 1);
}
static inline void board_neighbours(const Board *board, Point point, Point out[4]) {
  out[0] = (Point)(point - board->stride);
  out[1] = (Point)(point - 1);
  out[2] = (Point)(point + 1);
  out[3] = (Point)(point + board->stride);
}
static inline int board_row(const Board *board, Point point) { return (point - 1) / board->stride - 1; }
static inline int board_column(const Board *board, Point point) { return (point - 1) % board->stride; }

#endif
