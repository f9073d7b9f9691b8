#include <math.h>

#include "files.h"
#include "flow.h"
#include "refuse.h"
#include "text.h"

// A place where the wave is watched.
typedef struct {
  uint32_t column, row;
  double still;                    // surface at the start
  double arrival;                  // seconds; negative while there was none
  double maximum, maximum_at, minimum; // surface, metres and seconds
} Gauge;

static uint32_t cell_at(double share, uint32_t cells) {
  uint32_t cell = (uint32_t)(share * cells);
  return cell < cells ? cell : cells - 1;
}

static void start_gauges(const Basin *basin, const Flow *flow, Gauge *gauges) {
  for (int i = 0; i < basin->gauge_count; i++) {
    Gauge gauge = {.column = cell_at(basin->gauges[i].x, flow->columns), .row = cell_at(basin->gauges[i].y, flow->rows), .arrival = -1};
    gauge.still = gauge.maximum = gauge.minimum = flow->cells[gauge.row * flow->columns + gauge.column].surface;
    gauges[i] = gauge;
  }
}

static void read_gauges(const Basin *basin, const Flow *flow, Gauge *gauges) {
  for (int i = 0; i < basin->gauge_count; i++) {
    Gauge *gauge = &gauges[i];
    double surface = flow->cells[gauge->row * flow->columns + gauge->column].surface;
    if (gauge->arrival < 0 && fabs(surface - gauge->still) >= basin->threshold) gauge->arrival = flow->time;
    if (surface < gauge->minimum) gauge->minimum = surface;
    if (surface > gauge->maximum) {
      gauge->maximum = surface;
      gauge->maximum_at = flow->time;
    }
  }
}

static void write_cells(FILE *stream, const double *values, int count) {
  for (int i = 0; i < count; i++) {
    fputc(',', stream);
    number_write(stream, values[i]);
  }
}

static void write_gauges(const Basin *basin, const Flow *flow, const Gauge *gauges) {
  Output output = output_open("gauges.csv");
  FILE *stream = output.stream;
  fputs("case,swept,value,gauge,x_m,y_m,bed_m,maximum_m,maximum_at_s,minimum_m,arrival_s\n", stream);
  for (int i = 0; i < basin->gauge_count; i++) {
    const Gauge *gauge = &gauges[i];
    double values[] = {(gauge->column + 0.5) * flow->step_x, (gauge->row + 0.5) * flow->step_y, flow->beds[gauge->column],
                       gauge->maximum, gauge->maximum_at, gauge->minimum};
    fprintf(stream, "%u,%s,", (unsigned)basin->part.index, sweep_name(basin->sweep));
    number_write(stream, basin_swept(basin));
    fprintf(stream, ",%d", i + 1);
    write_cells(stream, values, sizeof values / sizeof *values);
    fputc(',', stream);
    if (gauge->arrival >= 0) number_write(stream, gauge->arrival);
    fputc('\n', stream);
  }
  output_close(&output);
}

static void write_field(const Basin *basin, const Flow *flow, const double *maxima) {
  Output output = output_open("field.csv");
  FILE *stream = output.stream;
  fputs(maxima != NULL ? "x_m,y_m,bed_m,maximum_m\n" : "x_m,y_m,bed_m,surface_m,flow_x_m2s,flow_y_m2s\n", stream);
  for (uint32_t i = 0; i < basin->cells_x * basin->cells_y; i++) {
    uint32_t column = i % flow->columns, row = i / flow->columns;
    const Cell *cell = &flow->cells[i];
    double final[] = {(row + 0.5) * flow->step_y, flow->beds[column], cell->surface, cell->flow_x, cell->flow_y};
    double maximum[] = {(row + 0.5) * flow->step_y, flow->beds[column], maxima != NULL ? maxima[i] : 0};
    number_write(stream, (column + 0.5) * flow->step_x);
    write_cells(stream, maxima != NULL ? maximum : final, maxima != NULL ? 3 : 5);
    fputc('\n', stream);
  }
  output_close(&output);
}

static void raise_maxima(const Flow *flow, double *maxima) {
  for (uint32_t i = 0; i < flow->columns * flow->rows; i++) {
    if (flow->cells[i].surface > maxima[i]) maxima[i] = flow->cells[i].surface;
  }
}

static void print_run(const Basin *basin, const Flow *flow, const Gauge *gauges, double volume) {
  char before[NUMBER_LENGTH], after[NUMBER_LENGTH];
  printf("case %u of %u, %s %.10g\n", (unsigned)basin->part.index, (unsigned)basin->part.size, sweep_name(basin->sweep), basin_swept(basin));
  printf("%llu steps to %.10g s\nvolume before %s m3, after %s m3\n", (unsigned long long)flow->steps, flow->time, number_format(volume, before),
         number_format(flow_volume(flow), after));
  for (int i = 0; i < basin->gauge_count; i++) {
    printf("gauge %d: highest %.3f m at %.0f s, ", i + 1, gauges[i].maximum, gauges[i].maximum_at);
    if (gauges[i].arrival < 0) printf("no arrival\n");
    else printf("arrival after %.0f s\n", gauges[i].arrival);
  }
}

int main(int count, char **values) {
  Basin basin = basin_read(count, values);
  Flow flow = flow_start(&basin);
  Gauge gauges[MAX_GAUGES];
  double volume = flow_volume(&flow), *maxima = NULL;
  if (basin.field == FIELD_MAXIMUM) {
    maxima = allocate(flow.columns * flow.rows, sizeof *maxima);
    for (uint32_t i = 0; i < flow.columns * flow.rows; i++) maxima[i] = flow.cells[i].surface;
  }
  start_gauges(&basin, &flow, gauges);
  while (flow.time < basin.duration) {
    flow_advance(&flow, basin.duration);
    read_gauges(&basin, &flow, gauges);
    if (maxima != NULL) raise_maxima(&flow, maxima);
  }
  print_run(&basin, &flow, gauges, volume);
  write_gauges(&basin, &flow, gauges);
  if (basin.field != FIELD_NONE) write_field(&basin, &flow, maxima);
  output_declare(NULL);
  return 0;
}
