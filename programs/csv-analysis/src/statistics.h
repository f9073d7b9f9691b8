// Figures of columns of numbers.
#ifndef CSV_ANALYSIS_STATISTICS_H
#define CSV_ANALYSIS_STATISTICS_H

#include <stdint.h>

// Mean and squares about it, one number after another (Welford, «Note on a method for calculating corrected sums of squares and products», 1962).
typedef struct {
  uint32_t count;
  double mean, squares, minimum, maximum;
} Moments;

void moments_add(Moments *moments, double number);

// Standard deviation of a sample; not a number below two numbers.
double moments_deviation(const Moments *moments);

// The same for pairs.
typedef struct {
  uint32_t count;
  double mean_x, mean_y, squares_x, squares_y, products;
} PairMoments;

void pair_moments_add(PairMoments *moments, double x, double y);

// Pearson's correlation; not a number when one side does not vary.
double pair_moments_correlation(const PairMoments *moments);

void sort_numbers(double *numbers, uint32_t count);

// Quantile of sorted numbers, linear between them (type 7 of Hyndman and Fan, 1996, the default of R and NumPy). count is 1 or more.
double quantile(const double *sorted, uint32_t count, double share);

#endif
