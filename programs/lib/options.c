#include "options.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refuse.h"

enum { MAX_NUMBER = 63, HELP = MAX_OPTIONS };

bool whole_parse(const char *text, uint32_t low, uint32_t high, uint32_t *number) {
  uint64_t value = 0;
  bool valid = *text != '\0';
  for (const char *c = text; *c != '\0' && valid; c++) {
    valid = isdigit((unsigned char)*c) && c - text < 10;
    value = 10 * value + (uint64_t)(*c - '0');
  }
  if (!valid || value < low || value > high) return false;
  *number = (uint32_t)value;
  return true;
}

static const char *skip_digits(const char *text, const char *end) {
  while (text < end && isdigit((unsigned char)*text)) text += 1;
  return text;
}

bool number_parse(const char *text, int length, double *number) {
  char copy[MAX_NUMBER + 1];
  if (length < 1 || length > MAX_NUMBER) return false;
  const char *end = text + length, *c = text + (*text == '-' || *text == '+');
  const char *whole = c;
  c = skip_digits(c, end);
  int digits = (int)(c - whole);
  if (c < end && *c == '.') {
    const char *fraction = ++c;
    c = skip_digits(c, end);
    digits += (int)(c - fraction);
  }
  if (digits == 0) return false;
  if (c < end && (*c == 'e' || *c == 'E')) {
    c += 1;
    if (c < end && (*c == '-' || *c == '+')) c += 1;
    const char *exponent = c;
    c = skip_digits(c, end);
    if (c == exponent) return false;
  }
  if (c != end) return false;
  memcpy(copy, text, (size_t)length);
  copy[length] = '\0';
  *number = strtod(copy, NULL);
  return isfinite(*number);
}

static void read_choice(const Option *option, const char *text) {
  char list[256] = "";
  for (int i = 0; option->choices[i] != NULL; i++) {
    if (strcmp(option->choices[i], text) == 0) {
      *(int *)option->target = i;
      return;
    }
    size_t length = strlen(list);
    snprintf(list + length, sizeof list - length, "%s%s", i == 0 ? "" : ", ", option->choices[i]);
  }
  refuse("--%s must be one of %s, not \"%s\"", option->name, list, text);
}

static void read_value(const Option *option, const char *text) {
  switch (option->type) {
    case OPTION_WHOLE:
      if (!whole_parse(text, (uint32_t)option->low, (uint32_t)option->high, option->target)) {
        refuse("--%s must be a whole number from %u to %u, not \"%s\"", option->name, (unsigned)option->low, (unsigned)option->high, text);
      }
      break;
    case OPTION_NUMBER: {
      double number = 0;
      if (!number_parse(text, (int)strlen(text), &number) || number < option->low || number > option->high) {
        refuse("--%s must be a number from %.10g to %.10g, not \"%s\"", option->name, option->low, option->high, text);
      }
      *(double *)option->target = number;
      break;
    }
    case OPTION_CHOICE: read_choice(option, text); break;
    case OPTION_TEXT: *(const char **)option->target = text; break;
    case OPTION_PARSED: option->parse(text, option->target); break;
    case OPTION_FLAG: break;
  }
}

static int find_option(const Option *options, int option_count, const char *text, size_t length) {
  for (int i = 0; i < option_count; i++) {
    if (strlen(options[i].name) == length && strncmp(options[i].name, text, length) == 0) return i;
  }
  return length == 4 && strncmp(text, "help", 4) == 0 ? HELP : -1;
}

void options_read(int count, char **values, const Option *options, int option_count, const char *usage) {
  uint32_t given = 0;
  for (int i = 1; i < count; i++) {
    const char *text = values[i];
    if (strncmp(text, "--", 2) != 0) refuse("unexpected argument \"%s\" (see --help)", text);
    const char *value = strchr(text, '=');
    size_t length = value != NULL ? (size_t)(value - text) - 2 : strlen(text) - 2;
    int found = find_option(options, option_count, text + 2, length);
    if (found < 0) refuse("unknown argument \"%s\" (see --help)", text);
    if (given & 1u << found) refuse("--%.*s is given twice", (int)length, text + 2);
    given |= 1u << found;
    bool is_flag = found == HELP || options[found].type == OPTION_FLAG;
    if (is_flag && value != NULL) refuse("--%.*s takes no value", (int)length, text + 2);
    if (is_flag) {
      if (found != HELP) *(bool *)options[found].target = true;
      continue;
    }
    if (value != NULL) value += 1;
    else if (++i < count) value = values[i];
    else refuse("--%s needs a value", options[found].name);
    read_value(&options[found], value);
  }
  if ((given & 1u << HELP) == 0) return;
  fputs(usage, stdout);
  exit(0);
}
