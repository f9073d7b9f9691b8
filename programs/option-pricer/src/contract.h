// The option, and the market it is priced in.
#ifndef OPTION_PRICER_CONTRACT_H
#define OPTION_PRICER_CONTRACT_H

#include <stdbool.h>
#include <stdint.h>

#include "bag.h"

typedef enum { EUROPEAN, ASIAN, BARRIER } OptionKind;
typedef enum { CALL, PUT } Side;
typedef enum { UP_AND_OUT, UP_AND_IN, DOWN_AND_OUT, DOWN_AND_IN } BarrierKind;

typedef struct {
  int kind, side, barrier_kind; // OptionKind, Side, BarrierKind
  double spot, strike, barrier;
  double rate, dividend; // a year, continuous
  double volatility;     // a year
  double maturity;       // years
  uint32_t steps;        // dates between now and maturity, the last one included
  uint32_t paths;        // rounded up to an even number: each has its antithetic twin
  uint32_t seed;
  Part part; // size 0 when not given
  bool join;
} Contract;

// Reads the command line; refuses (exit code 2) what is wrong.
Contract contract_read(int count, char **values);

const char *kind_name(int kind);
const char *side_name(int side);
const char *barrier_name(int kind);

#endif
