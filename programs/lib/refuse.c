#include "refuse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_MESSAGE = 4096 };

// What is quoted in a message comes from the caller: line ends and other control characters in it become '?', so that it stays one line.
_Noreturn static void end(int code, const char *format, va_list values) {
  static char message[MAX_MESSAGE];
  vsnprintf(message, MAX_MESSAGE, format, values);
  for (char *c = message; *c != '\0'; c++) {
    if ((unsigned char)*c < ' ' || *c == 0x7f) *c = '?';
  }
  fprintf(stderr, "%s: %s\n", PROGRAM_NAME, message);
  exit(code);
}

_Noreturn void refuse(const char *format, ...) {
  va_list values;
  va_start(values, format);
  end(EXIT_REFUSED, format, values);
}

_Noreturn void fail(const char *format, ...) {
  va_list values;
  va_start(values, format);
  end(EXIT_FAILED, format, values);
}

void *allocate(unsigned long count, unsigned long size) {
  void *memory = calloc(count > 0 ? count : 1, size);
  if (memory == NULL) fail("no memory for %lu bytes", count * size);
  return memory;
}
