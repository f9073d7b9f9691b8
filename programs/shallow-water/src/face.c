#include "face.h"

#include <math.h>

#include "flow.h"

static double least(double a, double b) { return a < b ? a : b; }
static double greatest(double a, double b) { return a > b ? a : b; }

typedef struct {
  double left, right; // of the slowest and the fastest wave; left <= 0 <= right
} Speeds;

static Speeds wave_speeds(Side left, Side right, double height_left, double height_right) {
  double wave_left = sqrt(GRAVITY * height_left), wave_right = sqrt(GRAVITY * height_right);
  Speeds speeds = {.left = least(left.across - wave_left, right.across - wave_right), .right = greatest(left.across + wave_left, right.across + wave_right)};
  if (height_left <= 0) speeds = (Speeds){.left = right.across - 2 * wave_right, .right = right.across + wave_right};
  if (height_right <= 0) speeds = (Speeds){.left = left.across - wave_left, .right = left.across + 2 * wave_left};
  return (Speeds){.left = least(speeds.left, 0), .right = greatest(speeds.right, 0)};
}

Flux face_flux(Side left, Side right) {
  double bed = greatest(left.bed, right.bed);
  double height_left = greatest(left.surface - bed, 0), height_right = greatest(right.surface - bed, 0);
  if (height_left <= 0 && height_right <= 0) return (Flux){0};
  Speeds speeds = wave_speeds(left, right, height_left, height_right);
  double span = speeds.right - speeds.left;
  if (!(span > 0)) return (Flux){0};
  double mass_left = height_left * left.across, mass_right = height_right * right.across;
  double push_left = mass_left * left.across, push_right = mass_right * right.across;
  double momentum_left = push_left + GRAVITY / 2 * (height_left * height_left);
  double momentum_right = push_right + GRAVITY / 2 * (height_right * height_right);
  double mass_jump = mass_right - mass_left, momentum_jump = momentum_right - momentum_left;
  Flux flux;
  flux.mass = (speeds.right * mass_left - speeds.left * mass_right + speeds.left * speeds.right * (height_right - height_left)) / span;
  flux.left = push_left + speeds.left * (speeds.right * mass_jump - momentum_jump) / span;
  flux.right = push_right + speeds.right * (speeds.left * mass_jump - momentum_jump) / span;
  flux.along = flux.mass * (flux.mass > 0 ? left.along : right.along);
  return flux;
}
