#include "search.h"

#include <math.h>
#include <stdlib.h>

#include "playout.h"

enum {
  MAX_NODES = 1 << 20,  // 28 MiB; when they are used up the tree stops growing
  EXPAND_VISITS = 3,    // a leaf gets children once it has been seen so often
  MAX_DEPTH = MAX_SIZE * MAX_SIZE,
  WIN = 2, DRAW = 1,    // results are counted in half wins
};

static const double EXPLORATION = 0.05;
static const double RAVE_EQUIVALENCE = 600; // visits at which a move's own record weighs as much as RAVE's

typedef struct {
  uint32_t visits;
  uint32_t score;      // half wins for the side that plays this move
  uint32_t rave_visits;
  uint32_t rave_score;
  uint16_t prior_games; // virtual games from the rules of thumb
  uint16_t prior_score;
  uint32_t first_child; // 0 when none
  uint16_t child_count;
  Point move;
} Node;

typedef struct {
  Node *nodes;
  uint32_t used;
  uint32_t capacity;
  int half_komi;
  Random random;
} Search;

// Stones in atari, of one colour, that touch a point; those of one chain may count more than once.
static uint32_t stones_in_atari(const Board *board, Point point, Colour colour) {
  Point around[4], liberty;
  uint32_t stones = 0;
  board_neighbours(board, point, around);
  for (int i = 0; i < 4; i++) {
    if (board->colour[around[i]] != colour || !board_in_atari(board, around[i], &liberty)) continue;
    stones += (uint32_t)board->chain[board->head[around[i]]].stones;
  }
  return stones < 8 ? stones : 8;
}

static int line_from_edge(const Board *board, Point point) {
  int row = board_row(board, point), column = board_column(board, point), last = board->size - 1;
  int vertical = row < last - row ? row : last - row, horizontal = column < last - column ? column : last - column;
  return vertical < horizontal ? vertical : horizontal;
}

// Starting record of a move before it has been tried, in virtual games.
static void set_prior(const Board *board, Node *node) {
  uint32_t games = 10, wins = 5;
  if (node->move == PASS) {
    games = 40;
    wins = board->passes > 0 ? 20 : 2;
  } else if (board_is_eye(board, node->move, board->to_play)) {
    games = 40;
    wins = 2;
  } else {
    uint32_t taken = stones_in_atari(board, node->move, opponent(board->to_play));
    uint32_t saved = stones_in_atari(board, node->move, board->to_play);
    bool self_atari = playout_is_self_atari(board, node->move);
    int line = line_from_edge(board, node->move);
    if (taken > 0) { games += 20 + 10 * taken; wins += 18 + 10 * taken; }
    if (saved > 0 && !self_atari) { games += 15 + 10 * saved; wins += 13 + 10 * saved; }
    if (self_atari) games += 20;
    if (line == 0 && taken + saved == 0) games += 10;
    if (line == 2 || line == 3) { games += 5; wins += 4; }
  }
  node->prior_games = (uint16_t)games;
  node->prior_score = (uint16_t)(wins * WIN);
}

static void expand(Search *search, Node *node, const Board *board) {
  uint32_t needed = (uint32_t)board->empty_count + 1;
  if (search->capacity - search->used < needed) return;
  uint32_t first = search->used, count = 0;
  for (int row = 0; row < board->size; row++) {
    for (int column = 0; column < board->size; column++) {
      Point point = board_point(board, row, column);
      if (board_legality(board, point) != MOVE_LEGAL) continue;
      search->nodes[first + count++] = (Node){.move = point};
    }
  }
  search->nodes[first + count++] = (Node){.move = PASS};
  for (uint32_t i = 0; i < count; i++) set_prior(board, &search->nodes[first + i]);
  search->used += count;
  node->first_child = first;
  node->child_count = (uint16_t)count;
}

// Mean of a move's own games and of the games where it was played later, the former weighing more as they grow. Both start from the prior.
static double child_value(const Node *child, double log_visits) {
  double visits = child->visits, games = child->prior_games;
  double mean = ((double)child->score + child->prior_score) / (WIN * (visits + games));
  double rave = ((double)child->rave_score + child->prior_score) / (WIN * (child->rave_visits + games));
  double weight = sqrt(RAVE_EQUIVALENCE / (3 * visits + RAVE_EQUIVALENCE));
  return weight * rave + (1 - weight) * mean + EXPLORATION * sqrt(log_visits / (visits + 1));
}

static Node *select_child(const Search *search, const Node *node) {
  double log_visits = log((double)node->visits + 1), best_value = -1;
  Node *best = NULL;
  for (uint32_t i = 0; i < node->child_count; i++) {
    Node *child = &search->nodes[node->first_child + i];
    double value = child_value(child, log_visits);
    if (value > best_value) {
      best_value = value;
      best = child;
    }
  }
  return best;
}

// Half wins of Black at the end of a game.
static uint32_t score_for_black(const Board *board, int half_komi) {
  int margin = 2 * board_area(board) - half_komi;
  return margin > 0 ? WIN : margin == 0 ? DRAW : 0;
}

// Credits the children of the path's nodes whose move the same side was first to play, at that turn or later.
static void update_rave(Search *search, Node *const path[], int depth, const Record *record, Colour root_player, uint32_t black_score) {
  Colour first_player[MAX_POINTS] = {EMPTY};
  int turn = record->length;
  for (int i = depth; i >= 0; i--) {
    for (; turn > i; turn--) first_player[record->move[turn - 1]] = (turn - 1) % 2 == 0 ? root_player : opponent(root_player);
    Colour mover = i % 2 == 0 ? root_player : opponent(root_player);
    uint32_t score = mover == BLACK ? black_score : WIN - black_score;
    for (uint32_t c = 0; c < path[i]->child_count; c++) {
      Node *child = &search->nodes[path[i]->first_child + c];
      if (child->move == PASS || first_player[child->move] != mover) continue;
      child->rave_visits += 1;
      child->rave_score += score;
    }
  }
}

static void simulate(Search *search, const Board *position) {
  static Node *path[MAX_DEPTH + 1];
  static Record record;
  Board board = *position;
  int depth = 0;
  record.length = 0;
  path[0] = &search->nodes[0];
  while (board.passes < 2 && depth < MAX_DEPTH) {
    Node *node = path[depth];
    if (node->child_count == 0 && node->visits >= EXPAND_VISITS) expand(search, node, &board);
    if (node->child_count == 0) break;
    Node *child = select_child(search, node);
    board_play(&board, child->move);
    record.move[record.length++] = child->move;
    path[++depth] = child;
  }
  playout_run(&board, &record, &search->random);
  uint32_t black_score = score_for_black(&board, search->half_komi);
  Colour root_player = position->to_play;
  for (int i = 0; i <= depth; i++) {
    Colour mover = i % 2 == 1 ? root_player : opponent(root_player);
    path[i]->visits += 1;
    path[i]->score += mover == BLACK ? black_score : WIN - black_score;
  }
  update_rave(search, path, depth, &record, root_player, black_score);
}

static void list_top_moves(const Search *search, SearchResult *result) {
  const Node *root = &search->nodes[0];
  result->count = 0;
  for (uint32_t i = 0; i < root->child_count; i++) {
    const Node *child = &search->nodes[root->first_child + i];
    int place = result->count;
    while (place > 0 && result->top[place - 1].visits < child->visits) place -= 1;
    if (place == MAX_TOP_MOVES || child->visits == 0) continue;
    if (result->count < MAX_TOP_MOVES) result->count += 1;
    for (int j = result->count - 1; j > place; j--) result->top[j] = result->top[j - 1];
    uint64_t half_wins = child->score;
    uint32_t win_rate = (uint32_t)(half_wins * (10000 / WIN) / child->visits);
    result->top[place] = (Candidate){.move = child->move, .visits = child->visits, .win_rate = win_rate};
  }
}

bool search_run(const Board *position, const SearchOptions *options, SearchResult *result) {
  Search search = {.half_komi = options->half_komi, .used = 1};
  uint64_t wanted = 2 + (uint64_t)(options->playouts / EXPAND_VISITS + 2) * (uint64_t)(position->size * position->size + 1);
  search.capacity = wanted < MAX_NODES ? (uint32_t)wanted : MAX_NODES;
  search.nodes = calloc(search.capacity, sizeof(Node));
  if (search.nodes == NULL) return false;
  random_seed(&search.random, options->seed);
  expand(&search, &search.nodes[0], position);
  for (uint32_t i = 0; i < options->playouts; i++) simulate(&search, position);
  list_top_moves(&search, result);
  free(search.nodes);
  return true;
}
