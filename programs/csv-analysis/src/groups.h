// Rows that share a value of one column.
#ifndef CSV_ANALYSIS_GROUPS_H
#define CSV_ANALYSIS_GROUPS_H

#include "column.h"

// The rows of one group: part of an array of row numbers.
typedef struct {
  Field value;
  const uint32_t *rows;
  uint32_t count;
} Group;

// Calls visit for every value of a column, in the order of bytes; rows whose field is missing belong to no group.
void groups_visit(const Table *table, uint32_t position, void (*visit)(const Group *group, void *context), void *context);

// Figures of a numeric column over the rows of a group.
Moments group_moments(const Group *group, const Column *column);

#endif
