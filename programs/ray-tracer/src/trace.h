// What a ray sees.
#ifndef RAY_TRACER_TRACE_H
#define RAY_TRACER_TRACE_H

#include <stdint.h>

#include "scene.h"

// Random numbers of one sample: a function of seed, pixel and sample alone, so that a tile gives the same pixels as the whole image.
typedef struct {
  uint32_t seed, pixel, sample, used;
} Sampler;

// A number of the open interval 0 to 1.
double sampler_next(Sampler *sampler);

// Colour of the light that comes from a direction (a unit vector), after at most depth mirrors and surfaces.
Vector trace(const Scene *scene, Vector origin, Vector direction, int depth, Sampler *sampler);

#endif
