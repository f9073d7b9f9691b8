#include "contract.h"

#include <stddef.h>

#include "options.h"
#include "refuse.h"

const char PROGRAM_NAME[] = "option-pricer";

static const char USAGE[] =
    "option-pricer: price and delta of an option under geometric Brownian motion, by Monte Carlo. Same arguments, same answer.\n"
    "\n"
    "  --type KIND        european (default); asian: on the arithmetic mean of the prices at all steps; barrier: watched at all steps\n"
    "  --side SIDE        call (default) or put\n"
    "  --spot S           price now, 0.01 to 1000000 (default 100)\n"
    "  --strike K         0.01 to 1000000 (default 100)\n"
    "  --rate R           interest a year, continuous, -0.5 to 1 (default 0.05)\n"
    "  --dividend Q       yield a year, continuous, -0.5 to 1 (default 0)\n"
    "  --volatility V     a year, 0.001 to 2 (default 0.2)\n"
    "  --maturity T       years, 0.001 to 30 (default 1)\n"
    "  --steps N          dates up to maturity, 1 to 1000 (default 12)\n"
    "  --barrier B        0.01 to 10000000 (default 120)\n"
    "  --barrier-kind W   up-and-out (default), up-and-in, down-and-out, down-and-in\n"
    "  --paths N          2 to 100000000, all tasks together (default 100000)\n"
    "  --seed N           0 to 4294967295 (default 1)\n"
    "  --part K/N         only share K of N of the paths, counted from 0; in a bag of tasks each takes one, unless this is given\n"
    "  --join             pool the shares of a bag: input files 0, 1 … IEXEC_BOT_SIZE - 1\n"
    "  --help             this text\n"
    "\n"
    "Writes price.json, or sums.txt for one of several shares, and computed.json to the output folder.\n"
    "Exit codes: 0 answered, 1 an output cannot be written, 2 the arguments or a share are wrong.\n";

static const char *const KINDS[] = {"european", "asian", "barrier", NULL};
static const char *const SIDES[] = {"call", "put", NULL};
static const char *const BARRIERS[] = {"up-and-out", "up-and-in", "down-and-out", "down-and-in", NULL};

const char *kind_name(int kind) { return KINDS[kind]; }
const char *side_name(int side) { return SIDES[side]; }
const char *barrier_name(int kind) { return BARRIERS[kind]; }

Contract contract_read(int count, char **values) {
  Contract contract = {
      .spot = 100, .strike = 100, .barrier = 120, .rate = 0.05, .volatility = 0.2, .maturity = 1, .steps = 12, .paths = 100000, .seed = 1};
  const Option options[] = {
      {.name = "type", .type = OPTION_CHOICE, .target = &contract.kind, .choices = KINDS},
      {.name = "side", .type = OPTION_CHOICE, .target = &contract.side, .choices = SIDES},
      {.name = "spot", .type = OPTION_NUMBER, .target = &contract.spot, .low = 0.01, .high = 1e6},
      {.name = "strike", .type = OPTION_NUMBER, .target = &contract.strike, .low = 0.01, .high = 1e6},
      {.name = "rate", .type = OPTION_NUMBER, .target = &contract.rate, .low = -0.5, .high = 1},
      {.name = "dividend", .type = OPTION_NUMBER, .target = &contract.dividend, .low = -0.5, .high = 1},
      {.name = "volatility", .type = OPTION_NUMBER, .target = &contract.volatility, .low = 0.001, .high = 2},
      {.name = "maturity", .type = OPTION_NUMBER, .target = &contract.maturity, .low = 0.001, .high = 30},
      {.name = "steps", .type = OPTION_WHOLE, .target = &contract.steps, .low = 1, .high = 1000},
      {.name = "barrier", .type = OPTION_NUMBER, .target = &contract.barrier, .low = 0.01, .high = 1e7},
      {.name = "barrier-kind", .type = OPTION_CHOICE, .target = &contract.barrier_kind, .choices = BARRIERS},
      {.name = "paths", .type = OPTION_WHOLE, .target = &contract.paths, .low = 2, .high = 1e8},
      {.name = "seed", .type = OPTION_WHOLE, .target = &contract.seed, .high = UINT32_MAX},
      {.name = "part", .type = OPTION_PARSED, .target = &contract.part, .parse = part_parse},
      {.name = "join", .type = OPTION_FLAG, .target = &contract.join},
  };
  options_read(count, values, options, sizeof options / sizeof *options, USAGE);
  return contract;
}
