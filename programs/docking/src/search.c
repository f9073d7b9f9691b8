#include "search.h"

#include <math.h>
#include <stdbool.h>

#include "counterRandom.h"

static const double PI = 3.14159265358979323846;

// Of the first and the last step of annealing: temperature in kcal/mol, greatest move along an axis in ångström, greatest turn in radians.
static const double HOT = 8, COLD = 0.05, FAR = 2.5, NEAR = 0.05, WIDE = 1.6, NARROW = 0.03;

// Share of the steps that anneal; the rest only goes downhill from the best pose so far, with moves and turns a tenth as large.
static const double ANNEALED = 0.8;

typedef struct {
  uint32_t seed;
  uint64_t run;
  uint32_t step, used;
  Quad quad;
} Stream;

// A number of the open interval 0 to 1.
static double next(Stream *stream) {
  if (stream->used % 4 == 0) {
    Quad counter = {{(uint32_t)stream->run, (uint32_t)(stream->run >> 32), stream->step, stream->used / 4}};
    stream->quad = counter_random(stream->seed, 0xd0c5, counter);
  }
  return (stream->quad.word[stream->used++ % 4] + 0.5) * 0x1p-32;
}

static double between(Stream *stream, double low, double high) { return low + (high - low) * next(stream); }

// Uniform over the box and over all turns (Shoemake, «Uniform random rotations», 1992).
static Pose random_pose(const Search *search, Stream *stream) {
  double half = search->size / 2, share = next(stream), one = 2 * PI * next(stream), other = 2 * PI * next(stream);
  Pose pose = {.w = sqrt(share) * cos(other), .x = sqrt(1 - share) * sin(one), .y = sqrt(1 - share) * cos(one), .z = sqrt(share) * sin(other)};
  pose.centre.x = search->centre.x + between(stream, -half, half);
  pose.centre.y = search->centre.y + between(stream, -half, half);
  pose.centre.z = search->centre.z + between(stream, -half, half);
  return pose;
}

static Pose nearby_pose(Pose pose, double reach, double turn, Stream *stream) {
  Point move, axis;
  move.x = between(stream, -reach, reach);
  move.y = between(stream, -reach, reach);
  move.z = between(stream, -reach, reach);
  axis.x = between(stream, -1, 1);
  axis.y = between(stream, -1, 1);
  axis.z = between(stream, -1, 1);
  return pose_then(pose, pose_turn(axis, between(stream, -turn, turn)), move);
}

static bool is_inside(const Search *search, Point centre) {
  double half = search->size / 2;
  return fabs(centre.x - search->centre.x) <= half && fabs(centre.y - search->centre.y) <= half && fabs(centre.z - search->centre.z) <= half;
}

static Score score_pose(const Search *search, const Pose *pose) {
  Point places[MAX_LIGAND];
  pose_apply(pose, search->ligand, places);
  return score_places(search->receptor, search->ligand, places);
}

// From first to last, by equal ratios; progress is 0 to 1.
static double shrink(double first, double last, double progress) { return first * pow(last / first, progress); }

Found search_run(const Search *search, uint64_t run) {
  Stream stream = {.seed = search->seed, .run = run};
  Found now = {.run = run, .pose = random_pose(search, &stream)};
  now.score = score_pose(search, &now.pose);
  Found best = now;
  uint32_t annealed = (uint32_t)(search->steps * ANNEALED);
  for (uint32_t step = 1; step <= search->steps; step++) {
    bool anneals = step <= annealed;
    double progress = anneals ? (double)step / annealed : (double)(step - annealed) / (search->steps - annealed);
    double reach = shrink(anneals ? FAR : FAR / 10, anneals ? NEAR : NEAR / 10, progress);
    double turn = shrink(anneals ? WIDE : WIDE / 10, anneals ? NARROW : NARROW / 10, progress);
    if (step == annealed + 1) now = best;
    stream.step = step;
    stream.used = 0;
    Found tried = {.run = run, .pose = nearby_pose(now.pose, reach, turn, &stream)};
    double luck = next(&stream);
    if (!is_inside(search, tried.pose.centre)) continue;
    tried.score = score_pose(search, &tried.pose);
    double rise = score_total(tried.score) - score_total(now.score);
    if (rise > 0 && !(anneals && luck < exp(-rise / shrink(HOT, COLD, progress)))) continue;
    now = tried;
    if (score_total(now.score) < score_total(best.score)) best = now;
  }
  return best;
}
