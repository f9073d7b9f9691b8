// What is seen: camera, lights, materials and shapes.
#ifndef RAY_TRACER_SCENE_H
#define RAY_TRACER_SCENE_H

#include <stdbool.h>

#include "vector.h"

enum { MAX_MATERIALS = 64, MAX_LIGHTS = 16, MAX_SHAPES = 1000, MATERIAL_NAME = 24 };

typedef struct {
  char name[MATERIAL_NAME];
  Vector colour;
  bool is_checker;
  Vector second_colour; // of every other cube
  double checker_size;  // edge of the cubes
  double reflect;       // share of light that is mirrored, 0 to 1
  double transmit;      // share of light that passes, 0 to 1; reflect + transmit <= 1
  double refraction;    // index, 1 to 3
  double shine;         // strength of highlights, 0 to 1
  double hardness;      // exponent of highlights, 1 to 1000
} Material;

typedef struct {
  Vector position, colour;
  double radius; // of a ball that throws soft shadows; 0 is a point
} Light;

typedef enum { SHAPE_SPHERE, SHAPE_PLANE, SHAPE_TRIANGLE, SHAPE_BOX } ShapeKind;

// sphere: a centre, size radius. plane: a unit normal, size = a · point. triangle: corner a, edges b and c, normal. box: least corner a, greatest b.
typedef struct {
  ShapeKind kind;
  int material;
  Vector a, b, c, normal;
  double size;
} Shape;

typedef struct {
  Vector from, to, up;
  double angle; // vertical field of view, degrees, 1 to 170
  Vector zenith, horizon, ambient;
  int material_count, light_count, shape_count;
  Material materials[MAX_MATERIALS];
  Light lights[MAX_LIGHTS];
  Shape shapes[MAX_SHAPES];
} Scene;

// Reads a scene file. Refuses (exit code 2) what does not follow the format of the README, naming the line.
void scene_read(Scene *scene, const char *text);

extern const char BUILT_IN_SCENE[];

#endif
