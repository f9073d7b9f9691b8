/* A program for the whole-market tests: tells what it was given, or misbehaves in the way its first argument names.
   Build: clang --target=wasm32-wasi --sysroot=/usr -O2 -Wl,--strip-all probe.c -o probe.wasm   (Debian: clang lld wasi-libc libclang-rt-dev-wasm32) */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void print_environment(FILE *out) {
  size_t count = 0;
  while (environ[count]) count++;
  qsort(environ, count, sizeof *environ, compare);
  for (size_t i = 0; i < count; i++) fprintf(out, "%s\n", environ[i]);
}

/* Arguments, environment and input files, byte for byte: every worker and Node's own WASI must see the same. */
static int echo(int argc, char **argv) {
  FILE *out = fopen("/iexec_out/echo.txt", "wb");
  if (!out) return 1;
  for (int i = 1; i < argc; i++) fprintf(out, "argument %d: %s\n", i, argv[i]);
  print_environment(out);
  const char *count = getenv("IEXEC_INPUT_FILES_NUMBER");
  for (int i = 1; i <= (count ? atoi(count) : 0); i++) {
    char name[64], path[512];
    snprintf(name, sizeof name, "IEXEC_INPUT_FILE_NAME_%d", i);
    const char *file = getenv(name);
    snprintf(path, sizeof path, "/iexec_in/%s", file ? file : "");
    FILE *in = fopen(path, "rb");
    fprintf(out, "input %d: %s\n", i, in ? "" : "missing");
    for (int c = in ? fgetc(in) : EOF; c != EOF; c = fgetc(in)) fputc(c, out);
    fputc('\n', out);
  }
  printf("echoed\n");
  return fclose(out) == 0 ? 0 : 1;
}

/* Keeps the processor busy for about `millions` of steps, at most 2147 (a `long` has 32 bits); the sum cannot be optimised away. */
static void work(long millions) {
  volatile uint32_t sum = 1;
  for (long i = 0; i < millions * 1000000; i++) sum = sum * 1664525u + 1013904223u;
}

static void fill_memory(void) {
  for (;;) {
    volatile char *block = malloc(1 << 22);
    if (!block) abort();
    block[1 << 21] = 1;
  }
}

static void flood_output(void) {
  static char block[65536];
  memset(block, 'x', sizeof block);
  FILE *out = fopen("/iexec_out/flood", "wb");
  while (out) fwrite(block, 1, sizeof block, out);
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  if (!strcmp(what, "spin")) for (;;) work(1);
  if (!strcmp(what, "fill-memory")) fill_memory();
  if (!strcmp(what, "flood-output")) flood_output();
  if (!strcmp(what, "fail")) return 7;
  if (!strcmp(what, "work")) work(argc > 2 ? atol(argv[2]) : 0);
  return echo(argc, argv);
}
