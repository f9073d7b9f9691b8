// What a column holds.
#ifndef CSV_ANALYSIS_COLUMN_H
#define CSV_ANALYSIS_COLUMN_H

#include "statistics.h"
#include "values.h"

enum { QUANTILES = 5, MAX_TOP = 100 };

extern const double QUANTILE_SHARES[QUANTILES];

typedef struct {
  Field value;
  uint32_t count;
} Frequent;

typedef struct {
  ValueType type;
  uint32_t count, missing, distinct; // values; fields without one; different values, byte by byte
  Moments moments;                   // of numbers
  double quantiles[QUANTILES];       // of numbers
  double *numbers;                   // of a numeric column: one each row, not a number where missing
  Field first, last;                 // of dates: the earliest and the latest
  uint32_t top_count;
  Frequent top[MAX_TOP]; // the most frequent values, equally frequent ones by their bytes
} Column;

// Analyses a column, with up to top frequent values.
Column *column_analyse(const Table *table, uint32_t position, uint32_t top);

// Rows whose field in a column is not missing, sorted by that field and then by row; returns their number.
uint32_t rows_by_value(const Table *table, uint32_t position, uint32_t *rows);

#endif
