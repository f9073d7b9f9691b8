// What a field means.
#ifndef CSV_ANALYSIS_VALUES_H
#define CSV_ANALYSIS_VALUES_H

#include "table.h"

// Of a column: what all its values are. From the narrowest to the widest.
typedef enum { TYPE_EMPTY, TYPE_INTEGER, TYPE_NUMBER, TYPE_BOOLEAN, TYPE_DATE, TYPE_TEXT } ValueType;

const char *type_name(ValueType type);

static inline bool type_is_numeric(ValueType type) { return type == TYPE_INTEGER || type == TYPE_NUMBER; }

// Nothing, NA, N/A, NULL, null or NaN, with or without spaces around it.
bool value_is_missing(Field field);

// A finite decimal number, with or without spaces around it.
bool value_number(Field field, double *number);

// The type of one value that is not missing: integer (up to 15 digits), number, boolean (true or false, in any case), date (a day of the Gregorian
// calendar, YYYY-MM-DD) or text.
ValueType value_type(Field field);

// The narrowest type that holds both.
ValueType type_join(ValueType a, ValueType b);

#endif
