#include "basin.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "options.h"
#include "refuse.h"

const char PROGRAM_NAME[] = "shallow-water";

static const char USAGE[] =
    "shallow-water: a wave in a basin, by the shallow water equations. Same arguments, same answer.\n"
    "\n"
    "  --cells-x N      columns, 4 to 800 (default 96)\n"
    "  --cells-y N      rows, 1 to 800 (default 48)\n"
    "  --length-x L     metres, 10 to 10000000 (default 240000)\n"
    "  --length-y L     metres, 10 to 10000000 (default 120000)\n"
    "  --bed KIND       flat; beach (default): the bed rises from 60 % of the length on; ridge: it rises there and falls again\n"
    "  --depth D        of the sea, metres, 0.1 to 11000 (default 4000)\n"
    "  --rise R         of beach or ridge, share of the depth, 0 to 1.1; above 1 is land (default 1.005)\n"
    "  --start KIND     hump (default); dam: the water is raised left of place-x; still\n"
    "  --amplitude A    of hump or dam, metres, -1000 to 1000 (default 2)\n"
    "  --radius R       of the hump, metres, 1 to 1000000 (default 15000)\n"
    "  --place-x X      of hump or dam, share of the length, 0 to 1 (default 0.25)\n"
    "  --place-y Y      of the hump, share of the length, 0 to 1 (default 0.5)\n"
    "  --duration T     seconds, 0 to 100000 (default 2400)\n"
    "  --gauges LIST    where the wave is watched, shares of the lengths: \"0.5,0.5 0.75,0.5 0.98,0.5\" (default)\n"
    "  --threshold H    change of the surface that is an arrival, metres, 0.000001 to 1000 (default 0.05)\n"
    "  --sweep NAME     what the tasks of a bag vary: amplitude (default), depth, radius, place-x, place-y, rise\n"
    "  --from V         its value in the first task (default 1)\n"
    "  --to V           its value in the last task (default 5)\n"
    "  --part K/N       case K of N of the sweep, counted from 0; in a bag each task takes one, unless this is given\n"
    "  --field KIND     none (default), final, maximum: write the surface of all cells, too\n"
    "  --help           this text\n"
    "\n"
    "Writes gauges.csv, field.csv if asked, and computed.json to the output folder.\n"
    "Exit codes: 0 answered, 1 an output cannot be written or no memory, 2 the arguments are wrong.\n";

static const char *const BEDS[] = {"flat", "beach", "ridge", NULL};
static const char *const STARTS[] = {"hump", "dam", "still", NULL};
static const char *const SWEEPS[] = {"amplitude", "depth", "radius", "place-x", "place-y", "rise", NULL};
static const char *const FIELDS[] = {"none", "final", "maximum", NULL};

static const char DEFAULT_GAUGES[] = "0.5,0.5 0.75,0.5 0.98,0.5";

// Share of the length where beach and ridge begin to rise, and where the ridge ends.
static const double RISE_FROM = 0.6, RISE_TO = 1, RIDGE_TO = 0.8;

const char *sweep_name(int sweep) { return SWEEPS[sweep]; }

static const char *read_share(const char *text, char end, double *share) {
  const char *stop = text + strcspn(text, end == ',' ? "," : " ");
  if (!number_parse(text, (int)(stop - text), share) || *share < 0 || *share > 1) return NULL;
  return *stop == ',' ? stop + 1 : stop;
}

static void parse_gauges(const char *text, void *target) {
  Basin *basin = target;
  basin->gauge_count = 0;
  const char *rest = text + strspn(text, " ");
  while (*rest != '\0') {
    if (basin->gauge_count == MAX_GAUGES) refuse("--gauges: more than %d of them", MAX_GAUGES);
    Place *place = &basin->gauges[basin->gauge_count++];
    if (strchr(rest, ',') != NULL) rest = read_share(rest, ',', &place->x);
    else rest = NULL;
    if (rest != NULL) rest = read_share(rest, ' ', &place->y);
    if (rest == NULL) refuse("--gauges must be pairs x,y of shares from 0 to 1 with spaces between, not \"%s\"", text);
    rest += strspn(rest, " ");
  }
  if (basin->gauge_count == 0) refuse("--gauges: there is none in \"%s\"", text);
}

typedef struct {
  double low, high;
} Bounds;

// Of the parameters that can be swept.
static const Bounds BOUNDS[SWEEP_COUNT] = {{-1000, 1000}, {0.1, 11000}, {1, 1e6}, {0, 1}, {0, 1}, {0, 1.1}};

static double *swept(Basin *basin) {
  double *const targets[SWEEP_COUNT] = {&basin->amplitude, &basin->depth, &basin->radius, &basin->place.x, &basin->place.y, &basin->rise};
  return targets[basin->sweep];
}

double basin_swept(const Basin *basin) {
  Basin copy = *basin;
  return *swept(&copy);
}

static void choose_case(Basin *basin) {
  basin->part = part_choose(basin->part);
  if (basin->part.size == 1) return;
  double value = basin->from + (basin->to - basin->from) * basin->part.index / (basin->part.size - 1);
  Bounds bounds = BOUNDS[basin->sweep];
  if (value < bounds.low || value > bounds.high) {
    refuse("the sweep of %s reaches %.10g; it must stay from %.10g to %.10g", SWEEPS[basin->sweep], value, bounds.low, bounds.high);
  }
  *swept(basin) = value;
}

static void add_number(Option *option, const char *name, double *target, Bounds bounds) {
  *option = (Option){.name = name, .type = OPTION_NUMBER, .target = target, .low = bounds.low, .high = bounds.high};
}

Basin basin_read(int count, char **values) {
  Basin basin = {.cells_x = 96, .cells_y = 48, .length_x = 240000, .length_y = 120000, .bed = BED_BEACH, .depth = 4000, .rise = 1.005,
                 .amplitude = 2, .radius = 15000, .place = {0.25, 0.5}, .duration = 2400, .threshold = 0.05, .from = 1, .to = 5};
  parse_gauges(DEFAULT_GAUGES, &basin);
  Option options[20] = {
      {.name = "cells-x", .type = OPTION_WHOLE, .target = &basin.cells_x, .low = 4, .high = 800},
      {.name = "cells-y", .type = OPTION_WHOLE, .target = &basin.cells_y, .low = 1, .high = 800},
      {.name = "bed", .type = OPTION_CHOICE, .target = &basin.bed, .choices = BEDS},
      {.name = "start", .type = OPTION_CHOICE, .target = &basin.start, .choices = STARTS},
      {.name = "sweep", .type = OPTION_CHOICE, .target = &basin.sweep, .choices = SWEEPS},
      {.name = "field", .type = OPTION_CHOICE, .target = &basin.field, .choices = FIELDS},
      {.name = "gauges", .type = OPTION_PARSED, .target = &basin, .parse = parse_gauges},
      {.name = "part", .type = OPTION_PARSED, .target = &basin.part, .parse = part_parse},
  };
  int next = 8;
  add_number(&options[next++], "length-x", &basin.length_x, (Bounds){10, 1e7});
  add_number(&options[next++], "length-y", &basin.length_y, (Bounds){10, 1e7});
  add_number(&options[next++], "duration", &basin.duration, (Bounds){0, 100000});
  add_number(&options[next++], "threshold", &basin.threshold, (Bounds){1e-6, 1000});
  add_number(&options[next++], "from", &basin.from, (Bounds){-1e6, 1e6});
  add_number(&options[next++], "to", &basin.to, (Bounds){-1e6, 1e6});
  int sweep = basin.sweep;
  for (basin.sweep = 0; basin.sweep < SWEEP_COUNT; basin.sweep++) {
    add_number(&options[next++], SWEEPS[basin.sweep], swept(&basin), BOUNDS[basin.sweep]);
  }
  basin.sweep = sweep;
  options_read(count, values, options, next, USAGE);
  choose_case(&basin);
  return basin;
}

// Distance of a cell's middle from a place: mirrored cells have exactly opposite distances when the place is the middle.
static double distance(uint32_t cell, uint32_t cells, double length, double place) {
  return (2.0 * cell + 1 - 2 * place * cells) * (0.5 * length / cells);
}

double basin_bed(const Basin *basin, uint32_t column) {
  double share = (column + 0.5) / basin->cells_x, top = basin->depth * (basin->rise - 1);
  if (basin->bed == BED_FLAT || share < RISE_FROM) return -basin->depth;
  if (basin->bed == BED_BEACH) return -basin->depth + (top + basin->depth) * (share - RISE_FROM) / (RISE_TO - RISE_FROM);
  double across = fabs(2 * (share - RISE_FROM) / (RIDGE_TO - RISE_FROM) - 1); // 0 on the crest, 1 at its feet
  return across >= 1 ? -basin->depth : -basin->depth + (top + basin->depth) * (1 - across);
}

double basin_surface(const Basin *basin, uint32_t column, uint32_t row) {
  double bed = basin_bed(basin, column), surface = 0;
  double x = distance(column, basin->cells_x, basin->length_x, basin->place.x), y = distance(row, basin->cells_y, basin->length_y, basin->place.y);
  if (bed >= 0) return bed;
  if (basin->start == START_DAM && x < 0) surface = basin->amplitude;
  if (basin->start == START_HUMP) surface = basin->amplitude * exp(-(x * x + y * y) / (basin->radius * basin->radius));
  return surface > bed ? surface : bed;
}
