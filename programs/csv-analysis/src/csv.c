#include "csv.h"

#include <math.h>
#include <string.h>

#include "text.h"

void csv_field_write(FILE *stream, Field field) {
  bool needs_quotes = false;
  for (uint32_t i = 0; i < field.length; i++) needs_quotes |= strchr(",\"\r\n", field.text[i]) != NULL;
  if (!needs_quotes) {
    fwrite(field.text, 1, field.length, stream);
    return;
  }
  fputc('"', stream);
  for (uint32_t i = 0; i < field.length; i++) {
    if (field.text[i] == '"') fputc('"', stream);
    fputc(field.text[i], stream);
  }
  fputc('"', stream);
}

void csv_number_write(FILE *stream, double number) {
  fputc(',', stream);
  if (isfinite(number)) number_write(stream, number);
}
