#include "bag.h"

#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "refuse.h"

enum { MAX_PARTS = 1000000 };

void part_parse(const char *text, void *target) {
  Part *part = target;
  char index[16];
  const char *slash = strchr(text, '/');
  size_t length = slash != NULL ? (size_t)(slash - text) : sizeof index;
  if (length < sizeof index) {
    memcpy(index, text, length);
    index[length] = '\0';
    if (whole_parse(slash + 1, 1, MAX_PARTS, &part->size) && whole_parse(index, 0, part->size - 1, &part->index)) return;
  }
  refuse("a part is written index/size, from 0/%d to %d/%d, not \"%s\"", MAX_PARTS, MAX_PARTS - 1, MAX_PARTS, text);
}

static bool read_variable(const char *name, uint32_t *number) {
  const char *text = getenv(name);
  if (text == NULL || *text == '\0') return false;
  if (!whole_parse(text, 0, UINT32_MAX, number)) refuse("%s must be a whole number, not \"%s\"", name, text);
  return true;
}

Part part_choose(Part asked) {
  uint32_t size, first = 0, index = 0;
  if (asked.size > 0) return asked;
  if (!read_variable("IEXEC_BOT_SIZE", &size) || size <= 1) return (Part){.index = 0, .size = 1};
  read_variable("IEXEC_BOT_FIRST_INDEX", &first);
  if (!read_variable("IEXEC_BOT_TASK_INDEX", &index)) refuse("IEXEC_BOT_SIZE is %u, but IEXEC_BOT_TASK_INDEX is not given", (unsigned)size);
  if (index < first || index - first >= size) {
    refuse("IEXEC_BOT_TASK_INDEX %u is outside the bag of %u tasks from %u", (unsigned)index, (unsigned)size, (unsigned)first);
  }
  return (Part){.index = index - first, .size = size};
}

uint32_t bag_size(void) {
  uint32_t size;
  if (!read_variable("IEXEC_BOT_SIZE", &size) || size == 0) refuse("IEXEC_BOT_SIZE must say how many parts there are");
  return size;
}

Range part_range(Part part, uint64_t count) {
  uint64_t share = count / part.size, rest = count % part.size, index = part.index;
  uint64_t first = index * share + (index < rest ? index : rest);
  return (Range){.first = first, .end = first + share + (index < rest)};
}
