#include "flow.h"

#include <math.h>

#include "face.h"
#include "refuse.h"

// Share of the longest step that keeps depths positive: a wave crosses less than half a cell.
static const double COURANT = 0.45;

Flow flow_start(const Basin *basin) {
  Flow flow = {.columns = basin->cells_x, .rows = basin->cells_y};
  flow.step_x = basin->length_x / flow.columns;
  flow.step_y = basin->length_y / flow.rows;
  uint32_t count = flow.columns * flow.rows;
  flow.beds = allocate(flow.columns, sizeof *flow.beds);
  flow.cells = allocate(count, sizeof *flow.cells);
  flow.changes_x = allocate(count, sizeof *flow.changes_x);
  flow.changes_y = allocate(count, sizeof *flow.changes_y);
  for (uint32_t column = 0; column < flow.columns; column++) flow.beds[column] = basin_bed(basin, column);
  for (uint32_t i = 0; i < count; i++) flow.cells[i].surface = basin_surface(basin, i % flow.columns, i / flow.columns);
  return flow;
}

// Velocity of a discharge; 0 in what counts as dry.
static double velocity(double discharge, double height) { return height > DRY ? discharge / height : 0; }

static double stable_step(const Flow *flow) {
  double fastest = 0;
  for (uint32_t i = 0; i < flow->columns * flow->rows; i++) {
    const Cell *cell = &flow->cells[i];
    double height = cell->surface - flow->beds[i % flow->columns];
    if (!(height > 0)) continue;
    double wave = sqrt(GRAVITY * height);
    double rate = (fabs(velocity(cell->flow_x, height)) + wave) / flow->step_x + (fabs(velocity(cell->flow_y, height)) + wave) / flow->step_y;
    if (rate > fastest) fastest = rate;
  }
  return fastest > 0 ? COURANT / fastest : HUGE_VAL;
}

static Side side_x(const Flow *flow, uint32_t i) {
  const Cell *cell = &flow->cells[i];
  double bed = flow->beds[i % flow->columns], height = cell->surface - bed;
  return (Side){.bed = bed, .surface = cell->surface, .across = velocity(cell->flow_x, height), .along = velocity(cell->flow_y, height)};
}

static Side side_y(const Flow *flow, uint32_t i) {
  Side side = side_x(flow, i);
  return (Side){.bed = side.bed, .surface = side.surface, .across = side.along, .along = side.across};
}

// Behind a wall the same water comes the other way.
static Side behind_wall(Side side) {
  side.across = -side.across;
  return side;
}

static void leave(Cell *change, Flux flux) {
  change->surface += flux.mass;
  change->flow_x += flux.left;
  change->flow_y += flux.along;
}

static void enter(Cell *change, Flux flux) { *change = (Cell){.surface = -flux.mass, .flow_x = -flux.right, .flow_y = -flux.along}; }

// Fluxes across the faces of one line of cells, first to last by stride; changes have flow_x for across and flow_y for along.
static void sweep_line(const Flow *flow, Cell *changes, Side (*side_of)(const Flow *, uint32_t), uint32_t first, uint32_t stride, uint32_t count) {
  Side before = side_of(flow, first);
  enter(&changes[first], face_flux(behind_wall(before), before));
  for (uint32_t k = 1; k < count; k++) {
    uint32_t i = first + k * stride;
    Side side = side_of(flow, i);
    Flux flux = face_flux(before, side);
    leave(&changes[i - stride], flux);
    enter(&changes[i], flux);
    before = side;
  }
  leave(&changes[first + (count - 1) * stride], face_flux(before, behind_wall(before)));
}

void flow_advance(Flow *flow, double end) {
  double step = stable_step(flow);
  if (step > end - flow->time) step = end - flow->time;
  for (uint32_t row = 0; row < flow->rows; row++) sweep_line(flow, flow->changes_x, side_x, row * flow->columns, 1, flow->columns);
  for (uint32_t column = 0; column < flow->columns; column++) sweep_line(flow, flow->changes_y, side_y, column, flow->columns, flow->rows);
  double by_x = step / flow->step_x, by_y = step / flow->step_y;
  for (uint32_t i = 0; i < flow->columns * flow->rows; i++) {
    Cell *cell = &flow->cells[i], x = flow->changes_x[i], y = flow->changes_y[i];
    cell->surface -= by_x * x.surface + by_y * y.surface;
    cell->flow_x -= by_x * x.flow_x + by_y * y.flow_y;
    cell->flow_y -= by_x * x.flow_y + by_y * y.flow_x;
    if (cell->surface - flow->beds[i % flow->columns] <= DRY) cell->flow_x = cell->flow_y = 0;
  }
  flow->time = step < end - flow->time ? flow->time + step : end;
  flow->steps += 1;
}

double flow_volume(const Flow *flow) {
  double sum = 0;
  for (uint32_t i = 0; i < flow->columns * flow->rows; i++) sum += flow->cells[i].surface - flow->beds[i % flow->columns];
  return sum * flow->step_x * flow->step_y;
}
