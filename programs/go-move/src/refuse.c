#include "refuse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

_Noreturn static void end(int code, const char *format, va_list values) {
  fputs("go-move: ", stderr);
  vfprintf(stderr, format, values);
  fputc('\n', stderr);
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
