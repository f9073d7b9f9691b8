/* A program for the tests of bags: each task writes its share of a table and of a picture, one share fails when it is told to, and
   --join puts the picture together.
   Build: clang --target=wasm32-wasi --sysroot=/usr -O2 -Wl,--strip-all shares.c -o shares.wasm   (Debian: clang lld wasi-libc libclang-rt-dev-wasm32) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long from_environment(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

/* The parts lie in the input folder under their positions. */
static int join(long size) {
  FILE *out = fopen("/iexec_out/picture.txt", "wb");
  if (!out) return 1;
  for (long part = 0; part < size; part++) {
    char path[64];
    snprintf(path, sizeof path, "/iexec_in/%ld", part);
    FILE *in = fopen(path, "rb");
    if (!in) return 3;
    for (int c = fgetc(in); c != EOF; c = fgetc(in)) fputc(c, out);
    fclose(in);
  }
  return fclose(out) == 0 ? 0 : 1;
}

static int write_file(const char *path, const char *text) {
  FILE *out = fopen(path, "wb");
  return out && fputs(text, out) >= 0 && fclose(out) == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
  long size = from_environment("IEXEC_BOT_SIZE"), failing = -1;
  long index = from_environment("IEXEC_BOT_TASK_INDEX") - from_environment("IEXEC_BOT_FIRST_INDEX");
  int selected = 0;
  for (int i = 1; i < argc; i++) {
    if (!strcmp(argv[i], "--join")) return join(size);
    if (!strcmp(argv[i], "--fail") && i + 1 < argc) failing = atol(argv[++i]);
    if (!strcmp(argv[i], "--part") && i + 1 < argc) selected = sscanf(argv[++i], "%ld/%ld", &index, &size);
  }
  /* Asked for alone it succeeds: as a program does whose author has mended it, or whose limits were too narrow. */
  if (index == failing && !selected) return 7;
  char table[128], picture[128];
  snprintf(table, sizeof table, "part,size\n%ld,%ld\n", index, size);
  snprintf(picture, sizeof picture, "%ld of %ld\n", index, size);
  return write_file("/iexec_out/table.csv", table) || write_file("/iexec_out/share.txt", picture) ||
         write_file("/iexec_out/computed.json", "{\"deterministic-output-path\":\"/iexec_out\"}\n");
}
