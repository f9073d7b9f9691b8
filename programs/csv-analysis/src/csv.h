// Fields of the CSV files that are written.
#ifndef CSV_ANALYSIS_CSV_H
#define CSV_ANALYSIS_CSV_H

#include <stdio.h>

#include "table.h"

// In quotes where it has to be.
void csv_field_write(FILE *stream, Field field);

// A comma and a number; only the comma when it is not finite.
void csv_number_write(FILE *stream, double number);

#endif
