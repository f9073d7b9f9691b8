/* A program for Gleaner: counts the primes below a limit. As a bag of tasks, each task counts in its own share of the numbers.
 * Everything it may know comes from its arguments, its input files and the environment; so the same call gives the same bytes everywhere. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRONG_CALL = 2, MAX_PATH = 1024, MAX_TITLE = 80 };

/* What was asked. `title` is the name of an input file or NULL, `index` of `size` the share of this task. */
typedef struct {
  uint64_t limit, index, size;
  const char *title;
} Request;

static _Noreturn void refuse(const char *what, const char *value) {
  fprintf(stderr, "%s, not \"%s\" (see --help)\n", what, value);
  exit(WRONG_CALL);
}

static uint64_t parse_number(const char *text, char **end, uint64_t low, uint64_t high, const char *what) {
  errno = 0;
  unsigned long long number = strtoull(text, end, 10);
  if (*end == text || *text < '0' || *text > '9' || errno != 0 || number < low || number > high) refuse(what, text);
  return number;
}

/* A whole number from the environment; `otherwise` where it is not set, as outside Gleaner. */
static uint64_t from_environment(const char *name, uint64_t otherwise) {
  const char *text = getenv(name);
  return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

/* The share of a task of a bag: its index counts from the first of its deal. */
static Request standard_request(void) {
  uint64_t first = from_environment("IEXEC_BOT_FIRST_INDEX", 0);
  uint64_t index = from_environment("IEXEC_BOT_TASK_INDEX", first);
  return (Request){.limit = 100000, .index = index - first, .size = from_environment("IEXEC_BOT_SIZE", 1)};
}

static void set_argument(Request *request, const char *name, const char *value) {
  char *end = NULL;
  if (strcmp(name, "--limit") == 0) {
    request->limit = parse_number(value, &end, 1, 100000000, "--limit must be a whole number from 1 to 100000000");
    if (*end != '\0') refuse("--limit must be a whole number from 1 to 100000000", value);
  } else if (strcmp(name, "--title") == 0) {
    request->title = value;
  } else if (strcmp(name, "--part") == 0) {
    const char *form = "--part must be k/n, k from 0 to n - 1";
    request->index = parse_number(value, &end, 0, 9999, form);
    if (*end != '/') refuse(form, value);
    request->size = parse_number(end + 1, &end, 1, 10000, form);
    if (*end != '\0' || request->index >= request->size) refuse(form, value);
  } else {
    refuse("the arguments are --limit, --title and --part", name);
  }
}

static Request read_arguments(int count, char **values) {
  Request request = standard_request();
  for (int i = 1; i < count; i += 2) {
    if (strcmp(values[i], "--help") == 0) {
      puts("--limit N     count the primes below N (default 100000)\n"
           "--title FILE  input file whose first line goes into the result; @1 is the first\n"
           "--part K/N    only the share K (from 0) of N");
      exit(0);
    }
    if (i + 1 == count) refuse("every argument needs a value", values[i]);
    set_argument(&request, values[i], values[i + 1]);
  }
  return request;
}

/* Path of an input file: by its name, or `@n` for the n-th of the request, whose name the environment tells. */
static void input_path(const char *file, char path[MAX_PATH]) {
  const char *folder = getenv("IEXEC_IN");
  const char *name = file;
  if (*file == '@') {
    char variable[64];
    snprintf(variable, sizeof variable, "IEXEC_INPUT_FILE_NAME_%.20s", file + 1);
    name = getenv(variable);
    if (name == NULL) refuse("there is no such input file", file);
  }
  snprintf(path, MAX_PATH, "%s/%s", folder == NULL ? "." : folder, name);
}

/* First line of the input file, without what would end a field of the table. */
static void read_title(const char *file, char title[MAX_TITLE]) {
  char path[MAX_PATH];
  input_path(file, path);
  FILE *input = fopen(path, "r");
  if (input == NULL) refuse("--title must be an input file", file);
  if (fgets(title, MAX_TITLE, input) == NULL) title[0] = '\0';
  fclose(input);
  title[strcspn(title, "\r\n,")] = '\0';
}

static bool is_prime(uint64_t number) {
  if (number < 4) return number > 1;
  if (number % 2 == 0) return false;
  for (uint64_t divisor = 3; divisor * divisor <= number; divisor += 2) {
    if (number % divisor == 0) return false;
  }
  return true;
}

static FILE *create(const char *name) {
  const char *folder = getenv("IEXEC_OUT");
  char path[MAX_PATH];
  snprintf(path, sizeof path, "%s/%s", folder == NULL ? "." : folder, name);
  FILE *file = fopen(path, "w");
  if (file != NULL) return file;
  perror(path);
  exit(1);
}

/* computed.json says which file is the result: what workers compare is its bytes. */
static void write_computed(void) {
  const char *folder = getenv("IEXEC_OUT");
  FILE *file = create("computed.json");
  fprintf(file, "{\"deterministic-output-path\":\"%s/result.csv\"}\n", folder == NULL ? "." : folder);
  fclose(file);
}

int main(int count, char **values) {
  Request request = read_arguments(count, values);
  char title[MAX_TITLE] = "";
  if (request.title != NULL) read_title(request.title, title);
  uint64_t from = request.limit * request.index / request.size;
  uint64_t to = request.limit * (request.index + 1) / request.size;
  uint64_t primes = 0;
  for (uint64_t number = from; number < to; number++) primes += is_prime(number);
  FILE *result = create("result.csv");
  fprintf(result, "part,from,to,primes,title\n%llu,%llu,%llu,%llu,%s\n", (unsigned long long)request.index, (unsigned long long)from,
          (unsigned long long)to, (unsigned long long)primes, title);
  fclose(result);
  write_computed();
  printf("%llu primes from %llu to below %llu\n", (unsigned long long)primes, (unsigned long long)from, (unsigned long long)to);
  return 0;
}
