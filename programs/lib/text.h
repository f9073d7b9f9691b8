// Numbers and strings of the outputs.
#ifndef LIB_TEXT_H
#define LIB_TEXT_H

#include <stddef.h>
#include <stdio.h>

enum { NUMBER_LENGTH = 32 };

// The shortest decimal of 15 to 17 digits that reads back as the same double; "null" when it is not finite.
// Returns out.
const char *number_format(double number, char out[NUMBER_LENGTH]);

// The same, straight to a stream.
void number_write(FILE *stream, double number);

// A JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
void json_string_write(FILE *stream, const char *text, size_t length);

#endif
