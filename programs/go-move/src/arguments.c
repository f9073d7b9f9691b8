#include "arguments.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "refuse.h"

const char USAGE[] =
    "go-move: the best move in a position of Go, by Monte-Carlo tree search. Same arguments, same answer.\n"
    "\n"
    "  --size N         board size, 5 to 19 (default 9, or that of the board file)\n"
    "  --komi K         points for White, in steps of 0.5 (default 7.5, or that of the board file)\n"
    "  --to-play SIDE   black or white: who moves now (default: by turns, Black first)\n"
    "  --moves LIST     moves played so far, by turns: \"E5 C3 pass D4\"\n"
    "  --board FILE     start from this file of the input folder: an SGF game (its main line) or a diagram of . X O;\n"
    "                   @1 is the first input file of the request. --moves continue from there\n"
    "  --seed N         0 to 4294967295 (default 1)\n"
    "  --playouts N     1 to 1000000 (default 2000)\n"
    "  --help           this text\n"
    "\n"
    "Rules: area scoring with every stone on the board alive, simple ko, no suicide.\n"
    "Writes the board and the move to standard output and move.json, computed.json to the output folder.\n"
    "Exit codes: 0 answered, 1 an output cannot be written, 2 the arguments or the board are wrong.\n";

enum { NAME_COUNT = 8 };
static const char *const NAMES[NAME_COUNT] = {"size", "komi", "to-play", "moves", "board", "seed", "playouts", "help"};
enum { SIZE, KOMI, TO_PLAY, MOVES, BOARD, SEED, PLAYOUTS, HELP };

static uint32_t parse_number(const char *name, const char *text, uint32_t low, uint32_t high) {
  uint64_t number = 0;
  bool valid = *text != '\0';
  for (const char *c = text; *c != '\0' && valid; c++) {
    valid = isdigit((unsigned char)*c) && c - text < 10;
    number = 10 * number + (uint64_t)(*c - '0');
  }
  if (!valid || number < low || number > high) refuse("--%s must be a whole number from %u to %u, not \"%s\"", name, (unsigned)low, (unsigned)high, text);
  return (uint32_t)number;
}

bool komi_parse(const char *text, int length, int *half_komi) {
  const char *end = text + length;
  bool negative = text < end && *text == '-';
  if (text < end && (*text == '-' || *text == '+')) text += 1;
  const char *digits = text;
  int whole = 0, half = 0;
  while (text < end && isdigit((unsigned char)*text) && text - digits < 4) whole = 10 * whole + (*text++ - '0');
  if (text == digits) return false;
  if (text < end && *text == '.') {
    text += 1;
    if (text == end) return false;
    half = *text == '5';
    if (*text != '0' && *text != '5') return false;
    for (text += 1; text < end && *text == '0';) text += 1;
  }
  int value = 2 * whole + half;
  if (text != end || value > MAX_HALF_KOMI) return false;
  *half_komi = negative ? -value : value;
  return true;
}

static Colour parse_colour(const char *text) {
  if (strcasecmp(text, "black") == 0 || strcasecmp(text, "b") == 0) return BLACK;
  if (strcasecmp(text, "white") == 0 || strcasecmp(text, "w") == 0) return WHITE;
  refuse("--to-play must be black or white, not \"%s\"", text);
}

static int find_name(const char *text, size_t length) {
  for (int name = 0; name < NAME_COUNT; name++) {
    if (strlen(NAMES[name]) == length && strncmp(NAMES[name], text, length) == 0) return name;
  }
  return -1;
}

static void set_argument(Arguments *arguments, int name, const char *value) {
  switch (name) {
    case SIZE: arguments->size = (int)parse_number("size", value, MIN_SIZE, MAX_SIZE); break;
    case KOMI:
      arguments->has_komi = komi_parse(value, (int)strlen(value), &arguments->half_komi);
      if (!arguments->has_komi) refuse("--komi must be a number from -400 to 400 in steps of 0.5, not \"%s\"", value);
      break;
    case TO_PLAY: arguments->to_play = parse_colour(value); break;
    case MOVES: arguments->moves = value; break;
    case BOARD: arguments->board = value; break;
    case SEED: arguments->seed = parse_number("seed", value, 0, UINT32_MAX); break;
    case PLAYOUTS: arguments->playouts = parse_number("playouts", value, 1, MAX_PLAYOUTS); break;
  }
}

Arguments arguments_parse(int count, char **values) {
  Arguments arguments = {.seed = DEFAULT_SEED, .playouts = DEFAULT_PLAYOUTS};
  unsigned given = 0;
  for (int i = 1; i < count; i++) {
    const char *text = values[i];
    if (strncmp(text, "--", 2) != 0) refuse("unexpected argument \"%s\" (see --help)", text);
    const char *value = strchr(text, '=');
    size_t length = value != NULL ? (size_t)(value - text) - 2 : strlen(text) - 2;
    int name = find_name(text + 2, length);
    if (name < 0) refuse("unknown argument \"%s\" (see --help)", text);
    if (given & 1u << name) refuse("--%s is given twice", NAMES[name]);
    given |= 1u << name;
    if (name == HELP) {
      arguments.help = true;
      continue;
    }
    if (value != NULL) value += 1;
    else if (++i < count) value = values[i];
    else refuse("--%s needs a value", NAMES[name]);
    set_argument(&arguments, name, value);
  }
  return arguments;
}
