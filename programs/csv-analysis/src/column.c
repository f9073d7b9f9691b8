#include "column.h"

#include <math.h>
#include <stdlib.h>

#include "refuse.h"

const double QUANTILE_SHARES[QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

// What the order of rows is by; qsort has no argument for it.
static const Table *sorted_table;
static uint32_t sorted_column;

static int compare_rows(const void *a, const void *b) {
  uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
  int order = field_compare(table_cell(sorted_table, one, sorted_column), table_cell(sorted_table, other, sorted_column));
  if (order != 0) return order;
  return one < other ? -1 : one > other;
}

uint32_t rows_by_value(const Table *table, uint32_t position, uint32_t *rows) {
  uint32_t count = 0;
  for (uint32_t row = 0; row < table->rows; row++) {
    if (!value_is_missing(table_cell(table, row, position))) rows[count++] = row;
  }
  sorted_table = table;
  sorted_column = position;
  qsort(rows, count, sizeof *rows, compare_rows);
  return count;
}

// Puts a value among the most frequent. Values come in the order of their bytes, so an equally frequent one comes after.
static void insert_top(Column *column, uint32_t limit, Field value, uint32_t count) {
  uint32_t at = column->top_count;
  while (at > 0 && column->top[at - 1].count < count) at -= 1;
  if (at >= limit) return;
  if (column->top_count < limit) column->top_count += 1;
  for (uint32_t i = column->top_count - 1; i > at; i--) column->top[i] = column->top[i - 1];
  column->top[at] = (Frequent){.value = value, .count = count};
}

static void count_values(Column *column, const Table *table, uint32_t position, uint32_t limit) {
  uint32_t *rows = allocate(table->rows, sizeof *rows);
  column->count = rows_by_value(table, position, rows);
  column->missing = table->rows - column->count;
  for (uint32_t i = 0, next; i < column->count; i = next) {
    Field value = table_cell(table, rows[i], position);
    for (next = i + 1; next < column->count && field_compare(value, table_cell(table, rows[next], position)) == 0;) next += 1;
    column->distinct += 1;
    insert_top(column, limit, value, next - i);
  }
  if (column->count > 0) {
    column->first = table_cell(table, rows[0], position);
    column->last = table_cell(table, rows[column->count - 1], position);
  }
  free(rows);
}

static void measure_numbers(Column *column, const Table *table, uint32_t position) {
  double *sorted = allocate(table->rows, sizeof *sorted);
  column->numbers = allocate(table->rows, sizeof *column->numbers);
  for (uint32_t row = 0; row < table->rows; row++) {
    Field field = table_cell(table, row, position);
    double number;
    column->numbers[row] = NAN;
    if (value_is_missing(field) || !value_number(field, &number)) continue;
    column->numbers[row] = number;
    sorted[column->moments.count] = number;
    moments_add(&column->moments, number);
  }
  sort_numbers(sorted, column->moments.count);
  for (int i = 0; i < QUANTILES; i++) column->quantiles[i] = quantile(sorted, column->moments.count, QUANTILE_SHARES[i]);
  free(sorted);
}

Column *column_analyse(const Table *table, uint32_t position, uint32_t top) {
  Column *column = allocate(1, sizeof *column);
  for (uint32_t row = 0; row < table->rows && column->type != TYPE_TEXT; row++) {
    Field field = table_cell(table, row, position);
    if (!value_is_missing(field)) column->type = type_join(column->type, value_type(field));
  }
  count_values(column, table, position, top);
  if (type_is_numeric(column->type)) measure_numbers(column, table, position);
  return column;
}
