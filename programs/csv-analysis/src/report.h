// summary.json and summary.csv; groups.csv and correlations.csv when asked for.
#ifndef CSV_ANALYSIS_REPORT_H
#define CSV_ANALYSIS_REPORT_H

#include "column.h"

typedef struct {
  const Table *table;
  Column *const *columns;
  const char *input; // name of the file, as it was asked for
  Part part;
  int group_by; // position of a column, -1 for none
  bool has_correlations;
} Report;

void report_print(const Report *report);
void report_write(const Report *report);

#endif
