#include <stdio.h>

#include "files.h"
#include "options.h"
#include "refuse.h"
#include "report.h"

const char PROGRAM_NAME[] = "csv-analysis";

enum { MAX_INPUT = 16 << 20, NAME = 16 };

static const char USAGE[] =
    "csv-analysis: what the columns of a CSV file hold. Same file, same figures.\n"
    "\n"
    "  --input FILE       CSV file in the input folder, up to 16 MiB; @1 is the first input file of the request. In a bag of tasks each takes\n"
    "                     the rows whose number leaves its place as remainder. When absent, task k of a bag takes all of input file k + 1\n"
    "  --delimiter NAME   comma (default), semicolon, tab, pipe\n"
    "  --header ANSWER    yes (default): the first record names the columns; no\n"
    "  --group-by COLUMN  name of a column, or #n: figures of the numeric columns for each of its values, too\n"
    "  --correlations A   yes or no (default): of all pairs of numeric columns, too\n"
    "  --top N            frequent values to give of each column, 0 to 100 (default 5)\n"
    "  --part K/N         as task K of a bag of N, counted from 0; by the task's place in its bag, unless this is given\n"
    "  --help             this text\n"
    "\n"
    "Writes summary.json, summary.csv, groups.csv and correlations.csv if asked, and computed.json to the output folder.\n"
    "Exit codes: 0 answered, 1 an output cannot be written or no memory, 2 the arguments or the file are wrong.\n";

static const char *const DELIMITERS[] = {"comma", "semicolon", "tab", "pipe", NULL};
static const char *const ANSWERS[] = {"yes", "no", NULL};
enum { YES, NO };

typedef struct {
  const char *input, *group_by; // NULL when not given
  int delimiter, header, correlations;
  uint32_t top;
  Part part;
} Arguments;

static Arguments read_arguments(int count, char **values) {
  Arguments arguments = {.correlations = NO, .top = 5};
  const Option options[] = {
      {.name = "input", .type = OPTION_TEXT, .target = &arguments.input},
      {.name = "delimiter", .type = OPTION_CHOICE, .target = &arguments.delimiter, .choices = DELIMITERS},
      {.name = "header", .type = OPTION_CHOICE, .target = &arguments.header, .choices = ANSWERS},
      {.name = "group-by", .type = OPTION_TEXT, .target = &arguments.group_by},
      {.name = "correlations", .type = OPTION_CHOICE, .target = &arguments.correlations, .choices = ANSWERS},
      {.name = "top", .type = OPTION_WHOLE, .target = &arguments.top, .high = MAX_TOP},
      {.name = "part", .type = OPTION_PARSED, .target = &arguments.part, .parse = part_parse},
  };
  options_read(count, values, options, sizeof options / sizeof *options, USAGE);
  return arguments;
}

int main(int count, char **values) {
  Arguments arguments = read_arguments(count, values);
  Part part = part_choose(arguments.part);
  char by_place[NAME];
  snprintf(by_place, NAME, "@%u", (unsigned)part.index + 1);
  bool shares_rows = arguments.input != NULL;
  const char *input = shares_rows ? arguments.input : by_place;
  size_t length;
  char *text = input_read("input", input, MAX_INPUT, &length);
  TableOptions options = {.delimiter = ",;\t|"[arguments.delimiter], .has_header = arguments.header == YES, .rows = {.index = 0, .size = 1}};
  if (shares_rows) options.rows = part;
  Table table = table_read(text, length, &options);
  Report report = {.table = &table, .input = input, .part = part, .group_by = -1, .has_correlations = arguments.correlations == YES};
  if (arguments.group_by != NULL) report.group_by = table_find(&table, arguments.group_by);
  if (arguments.group_by != NULL && report.group_by < 0) refuse("--group-by: there is no column \"%s\"", arguments.group_by);
  Column **columns = allocate(table.columns, sizeof *columns);
  for (uint32_t i = 0; i < table.columns; i++) columns[i] = column_analyse(&table, i, arguments.top);
  report.columns = columns;
  report_print(&report);
  report_write(&report);
  return 0;
}
