#include "report.h"

#include <math.h>
#include <string.h>

#include "csv.h"
#include "files.h"
#include "groups.h"
#include "text.h"

static void write_name(FILE *stream, Field field) { json_string_write(stream, field.text, field.length); }

static void write_number(FILE *stream, const char *name, double number) {
  fprintf(stream, ", \"%s\": ", name);
  number_write(stream, number);
}

static void write_moments(FILE *stream, const Moments *moments) {
  write_number(stream, "mean", moments->count > 0 ? moments->mean : NAN);
  write_number(stream, "sd", moments_deviation(moments));
  write_number(stream, "minimum", moments->count > 0 ? moments->minimum : NAN);
  write_number(stream, "maximum", moments->count > 0 ? moments->maximum : NAN);
}

static void write_column(FILE *stream, Field name, const Column *column) {
  fputs("{ \"name\": ", stream);
  write_name(stream, name);
  fprintf(stream, ", \"type\": \"%s\", \"count\": %u, \"missing\": %u, \"distinct\": %u", type_name(column->type), (unsigned)column->count,
          (unsigned)column->missing, (unsigned)column->distinct);
  if (type_is_numeric(column->type)) {
    static const char *const NAMES[QUANTILES] = {"q05", "q25", "median", "q75", "q95"};
    write_moments(stream, &column->moments);
    for (int i = 0; i < QUANTILES; i++) write_number(stream, NAMES[i], column->quantiles[i]);
  }
  if (column->type == TYPE_DATE) {
    fputs(", \"earliest\": ", stream);
    write_name(stream, column->first);
    fputs(", \"latest\": ", stream);
    write_name(stream, column->last);
  }
  fputs(", \"top\": [", stream);
  for (uint32_t i = 0; i < column->top_count; i++) {
    fputs(i == 0 ? "{ \"value\": " : ", { \"value\": ", stream);
    write_name(stream, column->top[i].value);
    fprintf(stream, ", \"count\": %u }", (unsigned)column->top[i].count);
  }
  fputs("] }", stream);
}

// A list under way, in a JSON file and in a CSV file beside it.
typedef struct {
  const Report *report;
  FILE *json, *csv;
  bool is_first;
} Listing;

static void begin_item(Listing *listing) {
  fputs(listing->is_first ? "\n    " : ",\n    ", listing->json);
  listing->is_first = false;
}

static void write_group(const Group *group, void *context) {
  Listing *listing = context;
  const Report *report = listing->report;
  begin_item(listing);
  fputs("{ \"value\": ", listing->json);
  write_name(listing->json, group->value);
  fprintf(listing->json, ", \"rows\": %u, \"columns\": [", (unsigned)group->count);
  bool is_first = true;
  for (uint32_t i = 0; i < report->table->columns; i++) {
    const Column *column = report->columns[i];
    if (!type_is_numeric(column->type) || (int)i == report->group_by) continue;
    Moments moments = group_moments(group, column);
    fputs(is_first ? "{ \"name\": " : ", { \"name\": ", listing->json);
    is_first = false;
    write_name(listing->json, report->table->names[i]);
    fprintf(listing->json, ", \"count\": %u", (unsigned)moments.count);
    write_moments(listing->json, &moments);
    fputs(" }", listing->json);
    csv_field_write(listing->csv, group->value);
    fprintf(listing->csv, ",%u,", (unsigned)group->count);
    csv_field_write(listing->csv, report->table->names[i]);
    fprintf(listing->csv, ",%u", (unsigned)moments.count);
    bool has_any = moments.count > 0;
    const double numbers[] = {has_any ? moments.mean : NAN, moments_deviation(&moments), has_any ? moments.minimum : NAN, has_any ? moments.maximum : NAN};
    for (int k = 0; k < 4; k++) csv_number_write(listing->csv, numbers[k]);
    fputc('\n', listing->csv);
  }
  fputs("] }", listing->json);
}

static void write_groups(const Report *report, FILE *json) {
  Output output = output_open("groups.csv");
  Listing listing = {.report = report, .json = json, .csv = output.stream, .is_first = true};
  fputs("group,rows,column,count,mean,sd,minimum,maximum\n", output.stream);
  fputs(",\n  \"groupBy\": ", json);
  write_name(json, report->table->names[report->group_by]);
  fputs(",\n  \"groups\": [", json);
  groups_visit(report->table, (uint32_t)report->group_by, write_group, &listing);
  fputs("\n  ]", json);
  output_close(&output);
}

static void write_correlation(Listing *listing, uint32_t one, uint32_t other) {
  const Table *table = listing->report->table;
  const double *x = listing->report->columns[one]->numbers, *y = listing->report->columns[other]->numbers;
  PairMoments moments = {0};
  for (uint32_t row = 0; row < table->rows; row++) {
    if (!isnan(x[row]) && !isnan(y[row])) pair_moments_add(&moments, x[row], y[row]);
  }
  double correlation = pair_moments_correlation(&moments);
  begin_item(listing);
  fputs("{ \"a\": ", listing->json);
  write_name(listing->json, table->names[one]);
  fputs(", \"b\": ", listing->json);
  write_name(listing->json, table->names[other]);
  fprintf(listing->json, ", \"count\": %u", (unsigned)moments.count);
  write_number(listing->json, "r", correlation);
  fputs(" }", listing->json);
  csv_field_write(listing->csv, table->names[one]);
  fputc(',', listing->csv);
  csv_field_write(listing->csv, table->names[other]);
  fprintf(listing->csv, ",%u", (unsigned)moments.count);
  csv_number_write(listing->csv, correlation);
  fputc('\n', listing->csv);
}

static void write_correlations(const Report *report, FILE *json) {
  Output output = output_open("correlations.csv");
  Listing listing = {.report = report, .json = json, .csv = output.stream, .is_first = true};
  fputs("a,b,count,r\n", output.stream);
  fputs(",\n  \"correlations\": [", json);
  for (uint32_t i = 0; i < report->table->columns; i++) {
    for (uint32_t j = i + 1; j < report->table->columns; j++) {
      if (type_is_numeric(report->columns[i]->type) && type_is_numeric(report->columns[j]->type)) write_correlation(&listing, i, j);
    }
  }
  fputs("\n  ]", json);
  output_close(&output);
}

static void write_json(const Report *report) {
  const Table *table = report->table;
  Output output = output_open("summary.json");
  FILE *stream = output.stream;
  fputs("{\n  \"input\": ", stream);
  json_string_write(stream, report->input, strlen(report->input));
  fprintf(stream, ",\n  \"part\": %u,\n  \"parts\": %u,\n  \"rows\": %u,\n  \"raggedRows\": %u,\n  \"columns\": [", (unsigned)report->part.index,
          (unsigned)report->part.size, (unsigned)table->rows, (unsigned)table->ragged_rows);
  for (uint32_t i = 0; i < table->columns; i++) {
    fputs(i == 0 ? "\n    " : ",\n    ", stream);
    write_column(stream, table->names[i], report->columns[i]);
  }
  fputs("\n  ]", stream);
  if (report->group_by >= 0) write_groups(report, stream);
  if (report->has_correlations) write_correlations(report, stream);
  fputs("\n}\n", stream);
  output_close(&output);
}

static void write_csv(const Report *report) {
  Output output = output_open("summary.csv");
  FILE *stream = output.stream;
  fputs("column,type,count,missing,distinct,mean,sd,minimum,q05,q25,median,q75,q95,maximum,most_frequent\n", stream);
  for (uint32_t i = 0; i < report->table->columns; i++) {
    const Column *column = report->columns[i];
    bool is_numeric = type_is_numeric(column->type);
    csv_field_write(stream, report->table->names[i]);
    fprintf(stream, ",%s,%u,%u,%u", type_name(column->type), (unsigned)column->count, (unsigned)column->missing, (unsigned)column->distinct);
    csv_number_write(stream, is_numeric ? column->moments.mean : NAN);
    csv_number_write(stream, is_numeric ? moments_deviation(&column->moments) : NAN);
    csv_number_write(stream, is_numeric ? column->moments.minimum : NAN);
    for (int k = 0; k < QUANTILES; k++) csv_number_write(stream, is_numeric ? column->quantiles[k] : NAN);
    csv_number_write(stream, is_numeric ? column->moments.maximum : NAN);
    fputc(',', stream);
    if (column->top_count > 0) csv_field_write(stream, column->top[0].value);
    fputc('\n', stream);
  }
  output_close(&output);
}

// For a line of a terminal: up to 24 bytes, without what would break it.
static void print_name(Field name) {
  enum { WIDTH = 24 };
  for (uint32_t i = 0; i < WIDTH; i++) {
    unsigned char c = i < name.length ? (unsigned char)name.text[i] : ' ';
    putchar(c < ' ' || c >= 0x7f ? '?' : c);
  }
}

static void print_moments(const Moments *moments) {
  if (isfinite(moments->mean)) printf("  mean %.6g,", moments->mean);
  printf(" %.6g to %.6g", moments->minimum, moments->maximum);
}

void report_print(const Report *report) {
  const Table *table = report->table;
  printf("%u rows, %u columns\n\n  %-24s %-8s %8s %8s %8s\n", (unsigned)table->rows, (unsigned)table->columns, "column", "type", "count", "missing",
         "distinct");
  for (uint32_t i = 0; i < table->columns; i++) {
    const Column *column = report->columns[i];
    printf("  ");
    print_name(table->names[i]);
    printf(" %-8s %8u %8u %8u", type_name(column->type), (unsigned)column->count, (unsigned)column->missing, (unsigned)column->distinct);
    if (type_is_numeric(column->type)) print_moments(&column->moments);
    printf("\n");
  }
}

void report_write(const Report *report) {
  write_json(report);
  write_csv(report);
  output_declare(NULL);
}
