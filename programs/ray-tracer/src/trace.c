#include "trace.h"

#include <stddef.h>

#include "counterRandom.h"

// Rays start this far off a surface, so that they do not meet it again at once.
static const double MARGIN = 1e-6;

typedef struct {
  double distance; // HUGE_VAL when nothing is met
  const Shape *shape;
  Vector normal; // unit, outwards
} Hit;

double sampler_next(Sampler *sampler) {
  Quad quad = counter_random(sampler->seed, 0x7ace, (Quad){{sampler->pixel, sampler->sample, sampler->used, 0}});
  sampler->used += 1;
  return unit_open(quad.word[0], quad.word[1]);
}

static double meet_sphere(const Shape *shape, Vector origin, Vector direction) {
  Vector to = subtract(shape->a, origin);
  double middle = dot(to, direction), square = shape->size * shape->size - (dot(to, to) - middle * middle);
  if (square < 0) return HUGE_VAL;
  double half = sqrt(square);
  if (middle - half > MARGIN) return middle - half;
  return middle + half > MARGIN ? middle + half : HUGE_VAL;
}

static double meet_plane(const Shape *shape, Vector origin, Vector direction) {
  double slope = dot(shape->normal, direction);
  if (fabs(slope) < 1e-12) return HUGE_VAL;
  double distance = (shape->size - dot(shape->normal, origin)) / slope;
  return distance > MARGIN ? distance : HUGE_VAL;
}

// Möller and Trumbore, «Fast, minimum storage ray/triangle intersection», 1997.
static double meet_triangle(const Shape *shape, Vector origin, Vector direction) {
  Vector across = cross(direction, shape->c), to = subtract(origin, shape->a);
  double volume = dot(shape->b, across);
  if (fabs(volume) < 1e-14) return HUGE_VAL;
  double u = dot(to, across) / volume;
  if (u < 0 || u > 1) return HUGE_VAL;
  Vector along = cross(to, shape->b);
  double v = dot(direction, along) / volume;
  if (v < 0 || u + v > 1) return HUGE_VAL;
  double distance = dot(shape->c, along) / volume;
  return distance > MARGIN ? distance : HUGE_VAL;
}

// Narrows the part of a ray that lies between two parallel planes; false when nothing is left.
static bool clip(double least, double greatest, double origin, double direction, double *near, double *far) {
  if (fabs(direction) < 1e-14) return origin >= least && origin <= greatest;
  double one = (least - origin) / direction, other = (greatest - origin) / direction;
  double first = one < other ? one : other, last = one < other ? other : one;
  if (first > *near) *near = first;
  if (last < *far) *far = last;
  return *near <= *far;
}

static double meet_box(const Shape *shape, Vector origin, Vector direction) {
  double near = -HUGE_VAL, far = HUGE_VAL;
  if (!clip(shape->a.x, shape->b.x, origin.x, direction.x, &near, &far)) return HUGE_VAL;
  if (!clip(shape->a.y, shape->b.y, origin.y, direction.y, &near, &far)) return HUGE_VAL;
  if (!clip(shape->a.z, shape->b.z, origin.z, direction.z, &near, &far)) return HUGE_VAL;
  if (near > MARGIN) return near;
  return far > MARGIN ? far : HUGE_VAL;
}

static double meet(const Shape *shape, Vector origin, Vector direction) {
  switch (shape->kind) {
    case SHAPE_SPHERE: return meet_sphere(shape, origin, direction);
    case SHAPE_PLANE: return meet_plane(shape, origin, direction);
    case SHAPE_TRIANGLE: return meet_triangle(shape, origin, direction);
    case SHAPE_BOX: return meet_box(shape, origin, direction);
  }
  return HUGE_VAL;
}

static Vector box_normal(const Shape *shape, Vector point) {
  Vector middle = scale(add(shape->a, shape->b), 0.5), half = scale(subtract(shape->b, shape->a), 0.5);
  double x = (point.x - middle.x) / half.x, y = (point.y - middle.y) / half.y, z = (point.z - middle.z) / half.z;
  if (fabs(x) >= fabs(y) && fabs(x) >= fabs(z)) return vector(x < 0 ? -1 : 1, 0, 0);
  if (fabs(y) >= fabs(z)) return vector(0, y < 0 ? -1 : 1, 0);
  return vector(0, 0, z < 0 ? -1 : 1);
}

static Hit find_hit(const Scene *scene, Vector origin, Vector direction) {
  Hit hit = {.distance = HUGE_VAL};
  for (int i = 0; i < scene->shape_count; i++) {
    double distance = meet(&scene->shapes[i], origin, direction);
    if (distance < hit.distance) hit = (Hit){.distance = distance, .shape = &scene->shapes[i]};
  }
  if (hit.shape == NULL) return hit;
  Vector point = add(origin, scale(direction, hit.distance));
  switch (hit.shape->kind) {
    case SHAPE_SPHERE: hit.normal = scale(subtract(point, hit.shape->a), 1 / hit.shape->size); break;
    case SHAPE_BOX: hit.normal = box_normal(hit.shape, point); break;
    case SHAPE_PLANE:
    case SHAPE_TRIANGLE: hit.normal = hit.shape->normal; break;
  }
  return hit;
}

// Share of a light that reaches a point past what stands between; what is transparent dims it only.
static double visibility(const Scene *scene, Vector point, Vector direction, double distance) {
  double share = 1;
  for (int i = 0; i < scene->shape_count && share > 0; i++) {
    if (meet(&scene->shapes[i], point, direction) < distance) share *= scene->materials[scene->shapes[i].material].transmit;
  }
  return share;
}

static Vector light_point(const Light *light, Sampler *sampler) {
  if (light->radius <= 0) return light->position;
  double height = 2 * sampler_next(sampler) - 1, turn = 2 * PI * sampler_next(sampler), ring = sqrt(1 - height * height);
  return add(light->position, scale(vector(ring * cos(turn), height, ring * sin(turn)), light->radius));
}

static Vector surface_colour(const Material *material, Vector point) {
  if (!material->is_checker) return material->colour;
  double size = material->checker_size;
  double cubes = floor(point.x / size + MARGIN) + floor(point.y / size + MARGIN) + floor(point.z / size + MARGIN);
  return fmod(fabs(cubes), 2) < 0.5 ? material->colour : material->second_colour;
}

// Lambert's cosine law and Phong's highlights.
static Vector shade(const Scene *scene, const Material *material, Vector point, Vector normal, Vector direction, Sampler *sampler) {
  Vector colour = surface_colour(material, point), light_sum = scene->ambient, highlights = vector(0, 0, 0);
  for (int i = 0; i < scene->light_count; i++) {
    const Light *light = &scene->lights[i];
    Vector to = subtract(light_point(light, sampler), point);
    double distance = length(to);
    if (distance < MARGIN) continue;
    Vector towards = scale(to, 1 / distance);
    double cosine = dot(normal, towards);
    if (cosine <= 0) continue;
    double share = visibility(scene, point, towards, distance);
    if (share <= 0) continue;
    light_sum = add(light_sum, scale(light->colour, cosine * share));
    Vector mirrored = subtract(scale(normal, 2 * cosine), towards);
    double glance = -dot(mirrored, direction);
    if (material->shine > 0 && glance > 0) highlights = add(highlights, scale(light->colour, share * material->shine * pow(glance, material->hardness)));
  }
  return add(scale(multiply(colour, light_sum), 1 - material->reflect - material->transmit), highlights);
}

static Vector sky(const Scene *scene, Vector direction) {
  double height = dot(direction, unit(scene->up));
  return mix(scene->horizon, scene->zenith, height > 0 ? height : 0);
}

static Vector reflection(Vector direction, Vector normal) { return unit(subtract(direction, scale(normal, 2 * dot(direction, normal)))); }

// Snell's law; false when all light is mirrored.
static bool refract(Vector direction, Vector normal, double ratio, Vector *out) {
  double cosine = -dot(direction, normal), square = 1 - ratio * ratio * (1 - cosine * cosine);
  if (square < 0) return false;
  *out = unit(add(scale(direction, ratio), scale(normal, ratio * cosine - sqrt(square))));
  return true;
}

Vector trace(const Scene *scene, Vector origin, Vector direction, int depth, Sampler *sampler) {
  Hit hit = find_hit(scene, origin, direction);
  if (hit.shape == NULL) return sky(scene, direction);
  const Material *material = &scene->materials[hit.shape->material];
  Vector point = add(origin, scale(direction, hit.distance));
  bool inside = dot(hit.normal, direction) > 0;
  Vector facing = inside ? scale(hit.normal, -1) : hit.normal;
  Vector colour = shade(scene, material, add(point, scale(facing, MARGIN)), facing, direction, sampler);
  if (depth <= 0) return colour;
  double mirrored = material->reflect;
  if (material->transmit > 0) {
    Vector through;
    double ratio = inside ? material->refraction : 1 / material->refraction;
    if (refract(direction, facing, ratio, &through)) {
      Vector seen = trace(scene, subtract(point, scale(facing, MARGIN)), through, depth - 1, sampler);
      colour = add(colour, scale(multiply(material->colour, seen), material->transmit));
    } else {
      mirrored += material->transmit;
    }
  }
  if (mirrored > 0) {
    Vector seen = trace(scene, add(point, scale(facing, MARGIN)), reflection(direction, facing), depth - 1, sampler);
    colour = add(colour, scale(seen, mirrored));
  }
  return colour;
}
