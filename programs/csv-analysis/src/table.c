#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "refuse.h"

enum { NAME_LENGTH = 16 };

typedef struct {
  char *next, *end;
  char delimiter;
  uint32_t line; // where the record under way began, from 1
  uint32_t next_line;
} Reader;

static bool at_record_end(const Reader *reader) { return reader->next == reader->end || *reader->next == '\n' || *reader->next == '\r'; }

static void skip_line_end(Reader *reader) {
  if (reader->next == reader->end) return;
  if (*reader->next == '\r' && reader->next + 1 < reader->end && reader->next[1] == '\n') reader->next += 1;
  reader->next += 1;
  reader->next_line += 1;
}

static Field read_quoted(Reader *reader) {
  char *start = ++reader->next, *out = start;
  for (;;) {
    if (reader->next == reader->end) refuse("line %u: a quote is never closed", (unsigned)reader->line);
    char c = *reader->next++;
    if (c == '"') {
      if (reader->next == reader->end || *reader->next != '"') break;
      reader->next += 1;
    }
    if (c == '\n') reader->next_line += 1;
    *out++ = c;
  }
  if (!at_record_end(reader) && *reader->next != reader->delimiter) refuse("line %u: text follows a closing quote", (unsigned)reader->next_line);
  return (Field){.text = start, .length = (uint32_t)(out - start)};
}

static Field read_field(Reader *reader) {
  if (reader->next < reader->end && *reader->next == '"') return read_quoted(reader);
  char *start = reader->next;
  while (!at_record_end(reader) && *reader->next != reader->delimiter) reader->next += 1;
  return (Field){.text = start, .length = (uint32_t)(reader->next - start)};
}

// The next record that is not an empty line, up to limit fields of it; returns how many it has, 0 at the end.
static uint32_t read_record(Reader *reader, Field *fields, uint32_t limit) {
  while (reader->next < reader->end && at_record_end(reader)) skip_line_end(reader);
  if (reader->next == reader->end) return 0;
  reader->line = reader->next_line;
  for (uint32_t count = 0;;) {
    Field field = read_field(reader);
    if (count < limit) fields[count] = field;
    count += 1;
    if (at_record_end(reader)) {
      skip_line_end(reader);
      return count;
    }
    reader->next += 1;
  }
}

// Names of columns that have none: column 1, column 2 ….
static void name_columns(Table *table) {
  for (uint32_t i = 0; i < table->columns; i++) {
    if (table->names[i].length > 0) continue;
    char *name = allocate(NAME_LENGTH, 1);
    table->names[i] = (Field){.text = name, .length = (uint32_t)snprintf(name, NAME_LENGTH, "column %u", (unsigned)(i + 1))};
  }
}

static void append_row(Table *table, size_t *capacity, const Field *fields, uint32_t count) {
  size_t used = (size_t)table->rows * table->columns;
  if (used + table->columns > MAX_CELLS) refuse("the table has more than %d cells", MAX_CELLS);
  if (used + table->columns > *capacity) {
    *capacity = 2 * *capacity + table->columns;
    if (*capacity > MAX_CELLS) *capacity = MAX_CELLS;
    Field *larger = realloc(table->cells, *capacity * sizeof(Field));
    if (larger == NULL) fail("no memory for the table");
    table->cells = larger;
  }
  for (uint32_t i = 0; i < table->columns; i++) table->cells[used + i] = i < count ? fields[i] : (Field){.text = "", .length = 0};
  if (count != table->columns) table->ragged_rows += 1;
  table->rows += 1;
}

Table table_read(char *text, size_t length, const TableOptions *options) {
  Table table = {.names = allocate(MAX_COLUMNS, sizeof(Field))};
  Reader reader = {.next = text, .end = text + length, .delimiter = options->delimiter, .next_line = 1};
  Field fields[MAX_COLUMNS];
  size_t capacity = 0;
  uint64_t number = 0;
  if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) reader.next += 3;
  uint32_t count = read_record(&reader, fields, MAX_COLUMNS);
  if (count == 0) refuse("the input file has no rows");
  if (count > MAX_COLUMNS) refuse("the table has %u columns, more than %d", (unsigned)count, MAX_COLUMNS);
  table.columns = count;
  if (options->has_header) {
    memcpy(table.names, fields, count * sizeof(Field));
    count = read_record(&reader, fields, MAX_COLUMNS);
  }
  name_columns(&table);
  for (; count > 0; count = read_record(&reader, fields, MAX_COLUMNS)) {
    if (number++ % options->rows.size == options->rows.index) append_row(&table, &capacity, fields, count);
  }
  return table;
}

int table_find(const Table *table, const char *name) {
  uint32_t position;
  if (name[0] == '#' && whole_parse(name + 1, 1, table->columns, &position)) return (int)position - 1;
  for (uint32_t i = 0; i < table->columns; i++) {
    if (table->names[i].length == strlen(name) && memcmp(table->names[i].text, name, table->names[i].length) == 0) return (int)i;
  }
  return -1;
}

int field_compare(Field a, Field b) {
  int order = memcmp(a.text, b.text, a.length < b.length ? a.length : b.length);
  if (order != 0) return order;
  return a.length < b.length ? -1 : a.length > b.length;
}
