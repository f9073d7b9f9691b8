// The sea at rest and what disturbs it. Sea level is 0; lengths in metres, times in seconds.
#ifndef SHALLOW_WATER_BASIN_H
#define SHALLOW_WATER_BASIN_H

#include <stdint.h>

#include "bag.h"

typedef enum { BED_FLAT, BED_BEACH, BED_RIDGE } BedKind;
typedef enum { START_HUMP, START_DAM, START_STILL } StartKind;
typedef enum { SWEEP_AMPLITUDE, SWEEP_DEPTH, SWEEP_RADIUS, SWEEP_PLACE_X, SWEEP_PLACE_Y, SWEEP_RISE, SWEEP_COUNT } SweepKind;
typedef enum { FIELD_NONE, FIELD_FINAL, FIELD_MAXIMUM } FieldKind;

enum { MAX_GAUGES = 32 };

typedef struct {
  double x, y; // shares of the lengths, 0 to 1
} Place;

typedef struct {
  uint32_t cells_x, cells_y;
  double length_x, length_y;
  int bed, start; // BedKind, StartKind
  double depth;   // of the sea
  double rise;    // share of the depth that a beach or ridge rises; above 1 is land
  double amplitude, radius;
  Place place;      // of the hump; place.x of the dam
  double duration;
  double threshold; // change of the surface that counts as the wave's arrival
  int sweep;        // SweepKind
  double from, to;  // values of the first and the last case of a sweep
  int field;        // FieldKind
  int gauge_count;
  Place gauges[MAX_GAUGES];
  Part part; // the case, and the number of cases
} Basin;

// Reads the command line and the place in the bag; refuses (exit code 2) what is wrong.
Basin basin_read(int count, char **values);

const char *sweep_name(int sweep);

// The value of the swept parameter, as it is in this case.
double basin_swept(const Basin *basin);

double basin_bed(const Basin *basin, uint32_t column);

// Surface of the water at the start: the bed itself where that is land.
double basin_surface(const Basin *basin, uint32_t column, uint32_t row);

#endif
