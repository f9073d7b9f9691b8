#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *number_format(double number, char out[NUMBER_LENGTH]) {
  if (!isfinite(number)) return strcpy(out, "null");
  if (number == 0) return strcpy(out, "0");
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(out, NUMBER_LENGTH, "%.*g", digits, number);
    if (strtod(out, NULL) == number) break;
  }
  return out;
}

void number_write(FILE *stream, double number) {
  char text[NUMBER_LENGTH];
  fputs(number_format(number, text), stream);
}

// Length of the valid UTF-8 sequence at the start, 0 when there is none (also for overlong forms, surrogates and beyond U+10FFFF).
static size_t sequence_length(const unsigned char *bytes, size_t left) {
  unsigned char lead = bytes[0];
  if (lead < 0x80) return 1;
  size_t length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (length == 0 || length > left) return 0;
  for (size_t i = 1; i < length; i++) {
    if ((bytes[i] & 0xc0) != 0x80) return 0;
  }
  if ((lead == 0xe0 && bytes[1] < 0xa0) || (lead == 0xed && bytes[1] > 0x9f)) return 0;
  if ((lead == 0xf0 && bytes[1] < 0x90) || (lead == 0xf4 && bytes[1] > 0x8f)) return 0;
  return length;
}

void json_string_write(FILE *stream, const char *text, size_t length) {
  const unsigned char *bytes = (const unsigned char *)text;
  fputc('"', stream);
  for (size_t i = 0; i < length;) {
    size_t step = sequence_length(bytes + i, length - i);
    if (step == 0) {
      fputs("\xef\xbf\xbd", stream);
      step = 1;
    } else if (bytes[i] == '"' || bytes[i] == '\\') {
      fprintf(stream, "\\%c", bytes[i]);
    } else if (bytes[i] < 0x20 || bytes[i] == 0x7f) {
      fprintf(stream, "\\u%04x", bytes[i]);
    } else {
      fwrite(bytes + i, 1, step, stream);
    }
    i += step;
  }
  fputc('"', stream);
}
