#include "statistics.h"

#include <math.h>
#include <stdlib.h>

void moments_add(Moments *moments, double number) {
  if (moments->count == 0 || number < moments->minimum) moments->minimum = number;
  if (moments->count == 0 || number > moments->maximum) moments->maximum = number;
  moments->count += 1;
  double before = number - moments->mean;
  moments->mean += before / moments->count;
  moments->squares += before * (number - moments->mean);
}

double moments_deviation(const Moments *moments) { return moments->count < 2 ? NAN : sqrt(moments->squares / (moments->count - 1)); }

void pair_moments_add(PairMoments *moments, double x, double y) {
  moments->count += 1;
  double before_x = x - moments->mean_x, before_y = y - moments->mean_y;
  moments->mean_x += before_x / moments->count;
  moments->mean_y += before_y / moments->count;
  moments->squares_x += before_x * (x - moments->mean_x);
  moments->squares_y += before_y * (y - moments->mean_y);
  moments->products += before_x * (y - moments->mean_y);
}

double pair_moments_correlation(const PairMoments *moments) {
  double correlation = moments->products / (sqrt(moments->squares_x) * sqrt(moments->squares_y));
  return correlation > 1 ? 1 : correlation < -1 ? -1 : correlation;
}

static int compare_numbers(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

void sort_numbers(double *numbers, uint32_t count) { qsort(numbers, count, sizeof *numbers, compare_numbers); }

double quantile(const double *sorted, uint32_t count, double share) {
  double place = share * (count - 1);
  uint32_t below = (uint32_t)place;
  if (below + 1 >= count) return sorted[count - 1];
  return sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
}
