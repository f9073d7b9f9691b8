// Points, directions and colours.
#ifndef RAY_TRACER_VECTOR_H
#define RAY_TRACER_VECTOR_H

#include <math.h>

static const double PI = 3.14159265358979323846;

typedef struct {
  double x, y, z;
} Vector;

static inline Vector vector(double x, double y, double z) { return (Vector){x, y, z}; }
static inline Vector add(Vector a, Vector b) { return vector(a.x + b.x, a.y + b.y, a.z + b.z); }
static inline Vector subtract(Vector a, Vector b) { return vector(a.x - b.x, a.y - b.y, a.z - b.z); }
static inline Vector multiply(Vector a, Vector b) { return vector(a.x * b.x, a.y * b.y, a.z * b.z); }
static inline Vector scale(Vector a, double factor) { return vector(a.x * factor, a.y * factor, a.z * factor); }
static inline double dot(Vector a, Vector b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
static inline Vector cross(Vector a, Vector b) { return vector(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x); }
static inline double length(Vector a) { return sqrt(dot(a, a)); }
static inline Vector unit(Vector a) { return scale(a, 1 / length(a)); }
static inline Vector mix(Vector a, Vector b, double share) { return add(scale(a, 1 - share), scale(b, share)); }

#endif
