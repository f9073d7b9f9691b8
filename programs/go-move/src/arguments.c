#include "arguments.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "options.h"
#include "refuse.h"

const char PROGRAM_NAME[] = "go-move";

static const char USAGE[] =
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

static void parse_komi(const char *text, void *target) {
  Arguments *arguments = target;
  arguments->has_komi = komi_parse(text, (int)strlen(text), &arguments->half_komi);
  if (!arguments->has_komi) refuse("--komi must be a number from -400 to 400 in steps of 0.5, not \"%s\"", text);
}

static void parse_colour(const char *text, void *target) {
  Colour *colour = target;
  if (strcasecmp(text, "black") == 0 || strcasecmp(text, "b") == 0) *colour = BLACK;
  else if (strcasecmp(text, "white") == 0 || strcasecmp(text, "w") == 0) *colour = WHITE;
  else refuse("--to-play must be black or white, not \"%s\"", text);
}

Arguments arguments_parse(int count, char **values) {
  Arguments arguments = {.seed = DEFAULT_SEED, .playouts = DEFAULT_PLAYOUTS};
  const Option options[] = {
      {.name = "size", .type = OPTION_WHOLE, .target = &arguments.size, .low = MIN_SIZE, .high = MAX_SIZE},
      {.name = "komi", .type = OPTION_PARSED, .target = &arguments, .parse = parse_komi},
      {.name = "to-play", .type = OPTION_PARSED, .target = &arguments.to_play, .parse = parse_colour},
      {.name = "moves", .type = OPTION_TEXT, .target = &arguments.moves},
      {.name = "board", .type = OPTION_TEXT, .target = &arguments.board},
      {.name = "seed", .type = OPTION_WHOLE, .target = &arguments.seed, .high = UINT32_MAX},
      {.name = "playouts", .type = OPTION_WHOLE, .target = &arguments.playouts, .low = 1, .high = MAX_PLAYOUTS},
  };
  options_read(count, values, options, sizeof options / sizeof *options, USAGE);
  return arguments;
}
