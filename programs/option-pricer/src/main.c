#include <math.h>

#include "files.h"
#include "refuse.h"
#include "shares.h"
#include "text.h"

typedef struct {
  double mean, error;
} Estimate;

// Mean and its standard error: the pairs are independent, the paths of a pair are not.
static Estimate estimate(const Sum *sum, const Sum *squares, uint64_t pairs) {
  double count = (double)pairs, mean = sum_value(sum) / count, variance = sum_value(squares) / count - mean * mean;
  if (pairs < 2 || !(variance > 0)) return (Estimate){.mean = mean, .error = 0};
  return (Estimate){.mean = mean, .error = sqrt(variance / (count - 1))};
}

static void write_field(FILE *stream, const char *name, double value) {
  fprintf(stream, "  \"%s\": ", name);
  number_write(stream, value);
  fputs(",\n", stream);
}

static void write_price(const Contract *contract, const Totals *totals) {
  Estimate price = estimate(&totals->payoff, &totals->payoff_square, totals->pairs);
  Estimate delta = estimate(&totals->delta, &totals->delta_square, totals->pairs);
  Output output = output_open("price.json");
  FILE *stream = output.stream;
  fprintf(stream, "{\n  \"type\": \"%s\",\n  \"side\": \"%s\",\n", kind_name(contract->kind), side_name(contract->side));
  write_field(stream, "price", price.mean);
  write_field(stream, "standardError", price.error);
  write_field(stream, "delta", delta.mean);
  write_field(stream, "deltaStandardError", delta.error);
  fprintf(stream, "  \"deltaMethod\": \"%s\",\n", contract->kind == BARRIER ? "likelihood-ratio" : "pathwise");
  write_field(stream, "spot", contract->spot);
  write_field(stream, "strike", contract->strike);
  write_field(stream, "rate", contract->rate);
  write_field(stream, "dividend", contract->dividend);
  write_field(stream, "volatility", contract->volatility);
  write_field(stream, "maturity", contract->maturity);
  if (contract->kind == BARRIER) {
    write_field(stream, "barrier", contract->barrier);
    fprintf(stream, "  \"barrierKind\": \"%s\",\n", barrier_name(contract->barrier_kind));
  }
  fprintf(stream, "  \"steps\": %u,\n  \"paths\": %llu,\n  \"seed\": %u\n}\n", (unsigned)contract->steps, 2 * (unsigned long long)totals->pairs,
          (unsigned)contract->seed);
  output_close(&output);
  output_declare("price.json");
  printf("%s %s: price %.6f ± %.6f, delta %.6f ± %.6f (one standard error), %llu paths\n", kind_name(contract->kind), side_name(contract->side),
         price.mean, price.error, delta.mean, delta.error, 2 * (unsigned long long)totals->pairs);
}

int main(int count, char **values) {
  static Totals totals;
  Contract contract = contract_read(count, values);
  if (contract.join) {
    shares_join(bag_size(), &contract, &totals);
    write_price(&contract, &totals);
    return 0;
  }
  Part part = part_choose(contract.part);
  simulate(&contract, part_range(part, pair_count(&contract)), &totals);
  if (part.size == 1) {
    write_price(&contract, &totals);
    return 0;
  }
  share_write(&contract, part, &totals);
  output_declare("sums.txt");
  printf("sums.txt: share %u/%u, %llu paths\n", (unsigned)part.index, (unsigned)part.size, 2 * (unsigned long long)totals.pairs);
  return 0;
}
