// The command line: --name value, --name=value, and flags. A program lists its options in a table.
#ifndef LIB_OPTIONS_H
#define LIB_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum {
  OPTION_FLAG,   // target bool
  OPTION_WHOLE,  // target uint32_t, low to high
  OPTION_NUMBER, // target double, low to high, decimal with an optional exponent
  OPTION_CHOICE, // target int: position in choices
  OPTION_TEXT,   // target const char *
  OPTION_PARSED, // parse is called with the text
} OptionType;

typedef struct {
  const char *name; // without the dashes
  OptionType type;
  void *target; // keeps its value when the option is absent
  double low, high;
  const char *const *choices; // ends with NULL
  void (*parse)(const char *text, void *target);
} Option;

enum { MAX_OPTIONS = 31 };

// Reads the arguments after values[0]. --help prints the usage and ends (exit code 0), if nothing else is wrong.
// Refuses (exit code 2) what is unknown, doubled, malformed, out of range or lacks its value.
void options_read(int count, char **values, const Option *options, int option_count, const char *usage);

// Reads a whole number of digits only; false when it is not one of low to high.
bool whole_parse(const char *text, uint32_t low, uint32_t high, uint32_t *number);

// Reads a decimal number such as "-1.5e3"; false when the first length characters are none, or it is not finite.
bool number_parse(const char *text, int length, double *number);

#endif
