#include "simulate.h"

#include <math.h>

#include "counterRandom.h"

enum { SETTLE_EVERY = 1 << 20 };

static const double TWICE_PI = 6.28318530717958647692;

// What is the same on all paths.
typedef struct {
  double drift, spread; // of the logarithm of the price in one step
  double discount;
  double score_scale; // 1 / (spot × spread)
} Model;

// A path under way.
typedef struct {
  double sign;     // of the random numbers: its twin has the other one
  double log_gain; // logarithm of price / spot
  double gain_sum;
  bool touched;
  double first; // random number of the first step
} Path;

uint64_t pair_count(const Contract *contract) { return ((uint64_t)contract->paths + 1) / 2; }

static Model model_of(const Contract *contract) {
  double step = contract->maturity / contract->steps, spread = contract->volatility * sqrt(step);
  return (Model){
      .drift = (contract->rate - contract->dividend - contract->volatility * contract->volatility / 2) * step,
      .spread = spread,
      .discount = exp(-contract->rate * contract->maturity),
      .score_scale = 1 / (contract->spot * spread),
  };
}

// Two independent normal numbers for steps 2 × half and 2 × half + 1 of a pair (Box and Muller).
static void normals(const Contract *contract, uint64_t pair, uint32_t half, double out[2]) {
  Quad quad = counter_random(contract->seed, 0x0bf7, (Quad){{(uint32_t)pair, (uint32_t)(pair >> 32), half, 0}});
  double radius = sqrt(-2 * log(unit_open(quad.word[0], quad.word[1]))), turn = TWICE_PI * unit_open(quad.word[2], quad.word[3]);
  out[0] = radius * cos(turn);
  out[1] = radius * sin(turn);
}

static bool crosses(const Contract *contract, double price) {
  bool up = contract->barrier_kind == UP_AND_OUT || contract->barrier_kind == UP_AND_IN;
  return up ? price >= contract->barrier : price <= contract->barrier;
}

static void advance(const Contract *contract, const Model *model, Path *path, double normal, uint32_t step) {
  normal *= path->sign;
  if (step == 0) path->first = normal;
  path->log_gain += model->drift + model->spread * normal;
  if (contract->kind == EUROPEAN) return;
  double gain = exp(path->log_gain);
  path->gain_sum += gain;
  if (contract->kind == BARRIER && crosses(contract, contract->spot * gain)) path->touched = true;
}

// Discounted payoff of a finished path, and its estimate of delta: the derivative along the path where the payoff has no jumps (European, Asian), the
// likelihood ratio of the first step for barriers. Source: Glasserman, «Monte Carlo Methods in Financial Engineering», chapter 7.
static void payoff(const Contract *contract, const Model *model, const Path *path, double *value, double *delta) {
  double gain = contract->kind == ASIAN ? path->gain_sum / contract->steps : exp(path->log_gain);
  double direction = contract->side == CALL ? 1 : -1, above = direction * (contract->spot * gain - contract->strike);
  *value = *delta = 0;
  if (above <= 0) return;
  if (contract->kind == BARRIER) {
    bool is_in = contract->barrier_kind == UP_AND_IN || contract->barrier_kind == DOWN_AND_IN;
    if ((path->touched || crosses(contract, contract->spot)) != is_in) return;
  }
  *value = model->discount * above;
  *delta = contract->kind == BARRIER ? *value * path->first * model->score_scale : model->discount * direction * gain;
}

static void simulate_pair(const Contract *contract, const Model *model, uint64_t pair, Totals *totals) {
  Path paths[2] = {{.sign = 1}, {.sign = -1}};
  double normal[2] = {0};
  for (uint32_t step = 0; step < contract->steps; step++) {
    if (step % 2 == 0) normals(contract, pair, step / 2, normal);
    for (int twin = 0; twin < 2; twin++) advance(contract, model, &paths[twin], normal[step % 2], step);
  }
  double value[2], delta[2];
  for (int twin = 0; twin < 2; twin++) payoff(contract, model, &paths[twin], &value[twin], &delta[twin]);
  double mean = (value[0] + value[1]) / 2, slope = (delta[0] + delta[1]) / 2;
  sum_add(&totals->payoff, mean);
  sum_add(&totals->payoff_square, mean * mean);
  sum_add(&totals->delta, slope);
  sum_add(&totals->delta_square, slope * slope);
}

static void settle(Totals *totals) {
  sum_settle(&totals->payoff);
  sum_settle(&totals->payoff_square);
  sum_settle(&totals->delta);
  sum_settle(&totals->delta_square);
}

void simulate(const Contract *contract, Range pairs, Totals *totals) {
  Model model = model_of(contract);
  for (uint64_t pair = pairs.first; pair < pairs.end; pair++) {
    simulate_pair(contract, &model, pair, totals);
    if (pair % SETTLE_EVERY == 0) settle(totals);
  }
  totals->pairs += pairs.end - pairs.first;
  settle(totals);
}
