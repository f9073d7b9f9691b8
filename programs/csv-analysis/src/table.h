// A CSV file (RFC 4180) as rows and columns of fields.
#ifndef CSV_ANALYSIS_TABLE_H
#define CSV_ANALYSIS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bag.h"

// Bytes of any kind, not ended by zero.
typedef struct {
  const char *text;
  uint32_t length;
} Field;

typedef struct {
  uint32_t columns, rows;
  Field *names;         // of the columns
  Field *cells;         // row after row; an absent field has no text
  uint32_t ragged_rows; // that have more or fewer fields than the first record: surplus is left out, what is absent is missing
} Table;

enum { MAX_COLUMNS = 256, MAX_CELLS = 4000000 };

typedef struct {
  char delimiter;
  bool has_header; // the first record names the columns
  Part rows;       // of the rows only those whose number, from 0, leaves this remainder
} TableOptions;

// Reads the table in a text, which is changed on the way: quotes are undone where they stand. Refuses (exit code 2) an empty file, quotes that never close
// or are followed by anything but the end of the field, and more than MAX_COLUMNS or MAX_CELLS. Records end with LF, CRLF or CR; empty lines are skipped.
Table table_read(char *text, size_t length, const TableOptions *options);

static inline Field table_cell(const Table *table, uint32_t row, uint32_t column) { return table->cells[(size_t)row * table->columns + column]; }

// Position of a column by its name, or by #n counted from 1; -1 when there is none.
int table_find(const Table *table, const char *name);

// Order of bytes; the shorter first when it begins the longer.
int field_compare(Field a, Field b);

#endif
