// Water on a grid of cells, and its motion.
#ifndef SHALLOW_WATER_FLOW_H
#define SHALLOW_WATER_FLOW_H

#include <stdint.h>

#include "basin.h"

static const double GRAVITY = 9.81; // m/s²

// Water thinner than this does not move, metres.
static const double DRY = 1e-3;

// Surface in metres; discharges in m²/s.
typedef struct {
  double surface, flow_x, flow_y;
} Cell;

typedef struct {
  uint32_t columns, rows;
  double step_x, step_y; // metres
  double time;           // seconds
  uint64_t steps;
  double *beds;    // a column each
  Cell *cells;     // row after row
  Cell *changes_x; // of the step under way, through the faces of each direction
  Cell *changes_y;
} Flow;

Flow flow_start(const Basin *basin);

// Advances by the longest stable step, but not beyond end. Finite volumes of first order in space and time, closed by walls.
void flow_advance(Flow *flow, double end);

// Water in the basin, m³.
double flow_volume(const Flow *flow);

#endif
