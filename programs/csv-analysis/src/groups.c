#include "groups.h"

#include <math.h>
#include <stdlib.h>

#include "refuse.h"

void groups_visit(const Table *table, uint32_t position, void (*visit)(const Group *group, void *context), void *context) {
  uint32_t *rows = allocate(table->rows, sizeof *rows), count = rows_by_value(table, position, rows);
  for (uint32_t i = 0, next; i < count; i = next) {
    Field value = table_cell(table, rows[i], position);
    for (next = i + 1; next < count && field_compare(value, table_cell(table, rows[next], position)) == 0;) next += 1;
    Group group = {.value = value, .rows = rows + i, .count = next - i};
    visit(&group, context);
  }
  free(rows);
}

Moments group_moments(const Group *group, const Column *column) {
  Moments moments = {0};
  for (uint32_t i = 0; i < group->count; i++) {
    double number = column->numbers[group->rows[i]];
    if (!isnan(number)) moments_add(&moments, number);
  }
  return moments;
}
