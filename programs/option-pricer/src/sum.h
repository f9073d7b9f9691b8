// Exact sums: any order and any grouping of the same numbers gives the same bits, so shares of the work add up to the whole.
#ifndef OPTION_PRICER_SUM_H
#define OPTION_PRICER_SUM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

// A signed fixed-point number that holds every double: limb i counts 2^(32 i - 1074). Up to 2^30 additions between two calls of sum_settle.
enum { LIMBS = 68, SUM_TEXT = LIMBS * 8 };

typedef struct {
  int64_t limbs[LIMBS];
} Sum;

// Adds a finite number.
void sum_add(Sum *sum, double number);

// Carries, so that every limb but the last is 0 … 2^32 - 1: equal sums have equal limbs.
void sum_settle(Sum *sum);

void sum_merge(Sum *sum, const Sum *other);

// The sum as a double, to within a few units in its last place; a function of the exact value.
double sum_value(const Sum *sum);

// Limbs as 8 hexadecimal digits each, from the last to the first; leading zeros of the whole are left out. The sum must be settled and not negative,
// or written as the negative of one with a minus sign.
void sum_write(FILE *stream, const Sum *sum);

// Reads what sum_write writes; false when it is not that.
bool sum_read(const char *text, Sum *sum);

#endif
