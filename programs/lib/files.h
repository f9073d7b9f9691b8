// Files of the request and of the result.
#ifndef LIB_FILES_H
#define LIB_FILES_H

#include <stddef.h>
#include <stdio.h>

enum { MAX_PATH = 1024 };

// Content of an input file, ended by a zero byte that length does not count; never freed.
// name: inside /iexec_in (or $IEXEC_IN), absolute, or @n for the n-th input file of the request. option: for messages, without dashes.
// Refuses what cannot be opened or read, and more than limit bytes.
char *input_read(const char *option, const char *name, size_t limit, size_t *length);

// The same, and refuses what contains a zero byte.
char *input_read_text(const char *option, const char *name, size_t limit);

// A file of the result, in /iexec_out (or $IEXEC_OUT). Fails when it cannot be written; so does closing it.
typedef struct {
  FILE *stream;
  char path[MAX_PATH];
} Output;

Output output_open(const char *name);
void output_close(Output *output);

// Writes computed.json, which names what is compared between workers: a file of the output folder, or NULL for all of it.
void output_declare(const char *name);

#endif
