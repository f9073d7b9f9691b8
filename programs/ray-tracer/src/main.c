#include <stdio.h>

#include "files.h"
#include "image.h"
#include "options.h"
#include "refuse.h"
#include "trace.h"

const char PROGRAM_NAME[] = "ray-tracer";

enum { MAX_SCENE = 1 << 20 };

static const char USAGE[] =
    "ray-tracer: the image of a scene, whole or one tile of it. Same arguments, same pixels.\n"
    "\n"
    "  --scene FILE     scene in the input folder (README says how it is written); @1 is the first input file of the request.\n"
    "                   A built-in scene when absent\n"
    "  --width N        columns, 1 to 4096 (default 320)\n"
    "  --height N       rows, 1 to 2160 (default 180)\n"
    "  --samples N      rays a pixel, 1 to 256 (default 2)\n"
    "  --depth N        mirrors and surfaces that a ray may follow, 0 to 12 (default 5)\n"
    "  --seed N         0 to 4294967295 (default 1)\n"
    "  --tile K/N       only band K of N, counted from 0 at the top; in a bag of tasks each makes one, unless this is given\n"
    "  --join           put the tiles of a bag together: input files 0, 1 … IEXEC_BOT_SIZE - 1\n"
    "  --help           this text\n"
    "\n"
    "Writes image.png, or tile.ppm for one of several tiles, and computed.json to the output folder.\n"
    "Exit codes: 0 answered, 1 an output cannot be written or no memory, 2 the arguments or an input are wrong.\n";

typedef struct {
  const char *scene; // NULL when not given
  uint32_t width, height, samples, depth, seed;
  Part tile; // size 0 when not given
  bool join;
} Arguments;

static Arguments read_arguments(int count, char **values) {
  Arguments arguments = {.width = 320, .height = 180, .samples = 2, .depth = 5, .seed = 1};
  const Option options[] = {
      {.name = "scene", .type = OPTION_TEXT, .target = &arguments.scene},
      {.name = "width", .type = OPTION_WHOLE, .target = &arguments.width, .low = 1, .high = MAX_WIDTH},
      {.name = "height", .type = OPTION_WHOLE, .target = &arguments.height, .low = 1, .high = MAX_HEIGHT},
      {.name = "samples", .type = OPTION_WHOLE, .target = &arguments.samples, .low = 1, .high = 256},
      {.name = "depth", .type = OPTION_WHOLE, .target = &arguments.depth, .high = 12},
      {.name = "seed", .type = OPTION_WHOLE, .target = &arguments.seed, .high = UINT32_MAX},
      {.name = "tile", .type = OPTION_PARSED, .target = &arguments.tile, .parse = part_parse},
      {.name = "join", .type = OPTION_FLAG, .target = &arguments.join},
  };
  options_read(count, values, options, sizeof options / sizeof *options, USAGE);
  return arguments;
}

typedef struct {
  Vector forward, right, up; // right and up as long as half of the picture at distance 1
} View;

static View view_of(const Scene *scene, const Image *image) {
  View view;
  double half = tan(scene->angle * PI / 360);
  view.forward = unit(subtract(scene->to, scene->from));
  Vector right = unit(cross(scene->up, view.forward));
  view.up = scale(cross(view.forward, right), half);
  view.right = scale(right, half * image->width / image->height);
  return view;
}

// The transfer function of sRGB, to 0 … 255.
static uint8_t encode(double light) {
  if (!(light > 0)) return 0;
  if (light >= 1) return 255;
  double value = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055;
  return (uint8_t)(value * 255 + 0.5);
}

static Vector pixel_colour(const Scene *scene, const View *view, const Image *image, const Arguments *arguments, uint32_t column, uint32_t row) {
  Vector sum = vector(0, 0, 0);
  for (uint32_t sample = 0; sample < arguments->samples; sample++) {
    Sampler sampler = {.seed = arguments->seed, .pixel = row * image->width + column, .sample = sample};
    bool single = arguments->samples == 1;
    double across = single ? 0.5 : sampler_next(&sampler), down = single ? 0.5 : sampler_next(&sampler);
    double x = 2 * (column + across) / image->width - 1, y = 1 - 2 * (row + down) / image->height;
    Vector direction = unit(add(view->forward, add(scale(view->right, x), scale(view->up, y))));
    sum = add(sum, trace(scene, scene->from, direction, (int)arguments->depth, &sampler));
  }
  return scale(sum, 1.0 / arguments->samples);
}

static void render(const Scene *scene, const Arguments *arguments, Image *image) {
  View view = view_of(scene, image);
  uint8_t *pixel = image->pixels;
  for (uint32_t row = (uint32_t)image->rows.first; row < image->rows.end; row++) {
    for (uint32_t column = 0; column < image->width; column++, pixel += CHANNELS) {
      Vector colour = pixel_colour(scene, &view, image, arguments, column, row);
      pixel[0] = encode(colour.x);
      pixel[1] = encode(colour.y);
      pixel[2] = encode(colour.z);
    }
  }
}

static void write_whole(const Image *image, const char *how) {
  image_write_png(image);
  output_declare("image.png");
  printf("image.png: %u x %u, %s\n", (unsigned)image->width, (unsigned)image->height, how);
}

int main(int count, char **values) {
  static Scene scene;
  Arguments arguments = read_arguments(count, values);
  if (arguments.join) {
    uint32_t tiles = bag_size();
    Image image = image_join(tiles);
    write_whole(&image, "joined");
    return 0;
  }
  Part part = part_choose(arguments.tile);
  scene_read(&scene, arguments.scene != NULL ? input_read_text("scene", arguments.scene, MAX_SCENE) : BUILT_IN_SCENE);
  Image image = image_create(arguments.width, arguments.height, part_range(part, arguments.height));
  render(&scene, &arguments, &image);
  if (part.size == 1) {
    write_whole(&image, "rendered");
    return 0;
  }
  image_write_tile(&image, part);
  output_declare("tile.ppm");
  printf("tile.ppm: tile %u/%u, rows %u to %u of %u\n", (unsigned)part.index, (unsigned)part.size, (unsigned)image.rows.first,
         (unsigned)image.rows.end, (unsigned)image.height);
  return 0;
}
