// Paths of the price, and what the option pays on them.
#ifndef OPTION_PRICER_SIMULATE_H
#define OPTION_PRICER_SIMULATE_H

#include "contract.h"
#include "sum.h"

// Over pairs of antithetic paths: sums of the mean discounted payoff of a pair, of its square, and of the same for delta.
typedef struct {
  uint64_t pairs;
  Sum payoff, payoff_square, delta, delta_square;
} Totals;

// Number of pairs of a contract.
uint64_t pair_count(const Contract *contract);

// Simulates the pairs of a range. The random numbers of a pair depend on the seed, its number and the step alone.
void simulate(const Contract *contract, Range pairs, Totals *totals);

#endif
