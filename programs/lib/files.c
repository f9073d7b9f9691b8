#include "files.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "refuse.h"

static const char *folder_of(const char *variable, const char *otherwise) {
  const char *folder = getenv(variable);
  return folder != NULL && *folder != '\0' ? folder : otherwise;
}

static void resolve(const char *option, const char *name, char path[MAX_PATH]) {
  const char *folder = folder_of("IEXEC_IN", "/iexec_in");
  if (name[0] == '@') {
    char variable[64];
    snprintf(variable, sizeof variable, "IEXEC_INPUT_FILE_NAME_%.20s", name + 1);
    const char *input = getenv(variable);
    if (input == NULL || *input == '\0') refuse("--%s %s: the request has no such input file", option, name);
    name = input;
  }
  int length = snprintf(path, MAX_PATH, name[0] == '/' ? "%.0s%s" : "%s/%s", folder, name);
  if (length >= MAX_PATH) refuse("--%s: the file name is too long", option);
}

char *input_read(const char *option, const char *name, size_t limit, size_t *length) {
  char path[MAX_PATH];
  resolve(option, name, path);
  FILE *file = fopen(path, "rb");
  if (file == NULL) refuse("cannot open the %s file %s: %s", option, path, strerror(errno));
  size_t capacity = limit < 1 << 16 ? limit + 1 : 1 << 16, used = 0;
  char *content = NULL;
  for (;;) {
    char *larger = realloc(content, capacity + 1);
    if (larger == NULL) fail("no memory for the %s file", option);
    content = larger;
    used += fread(content + used, 1, capacity - used, file);
    if (used < capacity || used > limit) break;
    capacity = capacity > limit / 2 ? limit + 1 : 2 * capacity;
  }
  bool failed = ferror(file) != 0;
  fclose(file);
  if (failed) refuse("cannot read the %s file %s", option, path);
  if (used > limit) refuse("the %s file %s is larger than %zu bytes", option, path, limit);
  content[used] = '\0';
  *length = used;
  return content;
}

char *input_read_text(const char *option, const char *name, size_t limit) {
  size_t length;
  char *text = input_read(option, name, limit, &length);
  if (memchr(text, '\0', length) != NULL) refuse("the %s file %s is not text", option, name);
  return text;
}

Output output_open(const char *name) {
  Output output;
  int length = snprintf(output.path, MAX_PATH, "%s/%s", folder_of("IEXEC_OUT", "/iexec_out"), name);
  output.stream = length < MAX_PATH ? fopen(output.path, "wb") : NULL;
  if (output.stream == NULL) fail("cannot write %s: %s", output.path, strerror(errno));
  return output;
}

void output_close(Output *output) {
  bool failed = ferror(output->stream) != 0;
  if (fclose(output->stream) != 0 || failed) fail("cannot write %s: %s", output->path, strerror(errno));
}

void output_declare(const char *name) {
  Output output = output_open("computed.json");
  fprintf(output.stream, "{ \"deterministic-output-path\": \"%s%s%s\" }\n", folder_of("IEXEC_OUT", "/iexec_out"), name != NULL ? "/" : "",
          name != NULL ? name : "");
  output_close(&output);
}
