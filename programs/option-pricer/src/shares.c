#include "shares.h"

#include <string.h>

#include "files.h"
#include "options.h"
#include "refuse.h"
#include "text.h"

enum { MAX_SHARE = 16384, WORD = 600 };

static const char HEAD[] = "option-pricer sums 1";

void share_write(const Contract *contract, Part part, const Totals *totals) {
  Output output = output_open("sums.txt");
  FILE *stream = output.stream;
  fprintf(stream, "%s\nshare %u %u\n", HEAD, (unsigned)part.index, (unsigned)part.size);
  fprintf(stream, "option %d %d %d\n", contract->kind, contract->side, contract->barrier_kind);
  const double numbers[] = {contract->spot,     contract->strike,     contract->barrier, contract->rate,
                            contract->dividend, contract->volatility, contract->maturity};
  fputs("market", stream);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) fprintf(stream, " %a", numbers[i]);
  fprintf(stream, "\nrun %u %u %u\npairs %llu\n", (unsigned)contract->steps, (unsigned)contract->paths, (unsigned)contract->seed,
          (unsigned long long)totals->pairs);
  const Sum *sums[] = {&totals->payoff, &totals->payoff_square, &totals->delta, &totals->delta_square};
  for (int i = 0; i < 4; i++) {
    sum_write(stream, sums[i]);
    fputc('\n', stream);
  }
  output_close(&output);
}

// Reads a share's head up to its sums; returns where they begin, NULL when it is not one.
static const char *read_head(const char *text, Contract *contract, Part *part, Totals *totals) {
  unsigned index, size, steps, paths, seed;
  unsigned long long pairs;
  int end = 0;
  size_t head = strlen(HEAD);
  if (strncmp(text, HEAD, head) != 0) return NULL;
  int found = sscanf(text + head, "\nshare %7u %7u\noption %1d %1d %1d\nmarket %la %la %la %la %la %la %la\nrun %10u %10u %10u\npairs %12llu\n%n", &index,
                     &size, &contract->kind, &contract->side, &contract->barrier_kind, &contract->spot, &contract->strike, &contract->barrier,
                     &contract->rate, &contract->dividend, &contract->volatility, &contract->maturity, &steps, &paths, &seed, &pairs, &end);
  if (found != 16 || end == 0 || contract->kind > BARRIER || contract->side > PUT || contract->barrier_kind > DOWN_AND_IN) return NULL;
  *part = (Part){.index = index, .size = size};
  contract->steps = steps;
  contract->paths = paths;
  contract->seed = seed;
  totals->pairs = pairs;
  return text + head + end;
}

static bool read_sums(const char *text, Totals *totals) {
  Sum *sums[] = {&totals->payoff, &totals->payoff_square, &totals->delta, &totals->delta_square};
  for (int i = 0; i < 4; i++) {
    char word[WORD];
    size_t length = strcspn(text, "\n");
    if (length >= WORD || text[length] != '\n') return false;
    memcpy(word, text, length);
    word[length] = '\0';
    if (!sum_read(word, sums[i])) return false;
    text += length + 1;
  }
  return *text == '\0';
}

static bool is_same(const Contract *a, const Contract *b) {
  return a->kind == b->kind && a->side == b->side && a->barrier_kind == b->barrier_kind && a->spot == b->spot && a->strike == b->strike &&
         a->barrier == b->barrier && a->rate == b->rate && a->dividend == b->dividend && a->volatility == b->volatility &&
         a->maturity == b->maturity && a->steps == b->steps && a->paths == b->paths && a->seed == b->seed;
}

void shares_join(uint32_t count, Contract *contract, Totals *totals) {
  for (uint32_t index = 0; index < count; index++) {
    static Totals share;
    Contract own = {0};
    Part part;
    char name[16];
    snprintf(name, sizeof name, "%u", (unsigned)index);
    const char *text = input_read_text("part", name, MAX_SHARE), *sums = read_head(text, &own, &part, &share);
    if (sums == NULL || !read_sums(sums, &share)) refuse("input %s is not a share of paths", name);
    if (part.index != index || part.size != count) {
      refuse("input %s is share %u/%u, not %u/%u", name, (unsigned)part.index, (unsigned)part.size, (unsigned)index, (unsigned)count);
    }
    if (index == 0) *contract = own;
    if (!is_same(contract, &own)) refuse("input %s belongs to another contract than input 0", name);
    Range range = part_range(part, pair_count(&own));
    if (share.pairs != range.end - range.first) refuse("input %s has not all pairs of its share", name);
    totals->pairs += share.pairs;
    sum_merge(&totals->payoff, &share.payoff);
    sum_merge(&totals->payoff_square, &share.payoff_square);
    sum_merge(&totals->delta, &share.delta);
    sum_merge(&totals->delta_square, &share.delta_square);
  }
}
