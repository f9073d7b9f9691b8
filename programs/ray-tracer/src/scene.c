#include "scene.h"

#include <string.h>

#include "options.h"
#include "refuse.h"

const char BUILT_IN_SCENE[] =
    "camera 0 1.6 -6 0 0.9 0 42\n"
    "sky 0.25 0.45 0.85 0.9 0.93 1\n"
    "ambient 0.25 0.25 0.28\n"
    "light -4 6 -5 0.75 0.72 0.65\n"
    "light 5 4 -3 0.3 0.32 0.4 0.4\n"
    "material floor 0.9 0.88 0.82 checker 0.25 0.27 0.32 1 reflect 0.15\n"
    "material gold 0.95 0.65 0.2 reflect 0.35 shine 0.6 60\n"
    "material mirror 0.9 0.9 0.95 reflect 0.85 shine 0.8 200\n"
    "material glass 0.95 0.98 1 reflect 0.08 transmit 0.88 1.5 shine 0.9 300\n"
    "material red 0.8 0.15 0.12 shine 0.3 30\n"
    "plane floor 0 1 0 0\n"
    "sphere mirror 0 1 1.2 1\n"
    "sphere glass -1.3 0.7 -1 0.7\n"
    "sphere gold 1.5 0.6 -0.6 0.6\n"
    "box red 2 0 1.6 3 1.4 2.6\n"
    "triangle gold -3.4 0 2 -1.9 0 2.6 -2.6 2 2.2\n";

enum { MAX_WORDS = 24, MAX_WORD = 64 };

typedef struct {
  Scene *scene;
  int number, count, next; // of the line; words in it; next word to read
  char words[MAX_WORDS][MAX_WORD];
} Line;

static const char *take_word(Line *line, const char *what) {
  if (line->next >= line->count) refuse("scene line %d: %s is missing", line->number, what);
  return line->words[line->next++];
}

static double take_number(Line *line, const char *what, double low, double high) {
  const char *word = take_word(line, what);
  double number;
  if (!number_parse(word, (int)strlen(word), &number) || number < low || number > high) {
    refuse("scene line %d: %s must be a number from %.10g to %.10g, not \"%s\"", line->number, what, low, high, word);
  }
  return number;
}

static Vector take_vector(Line *line, const char *what, double low, double high) {
  double x = take_number(line, what, low, high), y = take_number(line, what, low, high);
  return vector(x, y, take_number(line, what, low, high));
}

static Vector take_point(Line *line, const char *what) { return take_vector(line, what, -1e6, 1e6); }
static Vector take_colour(Line *line, const char *what) { return take_vector(line, what, 0, 10); }

static bool take_keyword(Line *line, const char *keyword) {
  if (line->next >= line->count || strcmp(line->words[line->next], keyword) != 0) return false;
  line->next += 1;
  return true;
}

static void read_camera(Line *line) {
  Scene *scene = line->scene;
  scene->from = take_point(line, "the camera's place");
  scene->to = take_point(line, "what the camera looks at");
  scene->angle = take_number(line, "the angle of view", 1, 170);
  if (take_keyword(line, "up")) scene->up = take_point(line, "the camera's up");
  Vector view = subtract(scene->to, scene->from);
  if (!(length(cross(view, scene->up)) > 1e-9)) refuse("scene line %d: the camera looks nowhere, or straight along its up", line->number);
}

static void read_light(Line *line) {
  Scene *scene = line->scene;
  if (scene->light_count == MAX_LIGHTS) refuse("scene line %d: more than %d lights", line->number, MAX_LIGHTS);
  Light *light = &scene->lights[scene->light_count++];
  light->position = take_point(line, "the light's place");
  light->colour = take_colour(line, "the light's colour");
  if (line->next < line->count) light->radius = take_number(line, "the light's radius", 0, 1e6);
}

static int find_material(const Scene *scene, const char *name) {
  for (int i = 0; i < scene->material_count; i++) {
    if (strcmp(scene->materials[i].name, name) == 0) return i;
  }
  return -1;
}

static void read_material(Line *line) {
  Scene *scene = line->scene;
  if (scene->material_count == MAX_MATERIALS) refuse("scene line %d: more than %d materials", line->number, MAX_MATERIALS);
  const char *name = take_word(line, "the material's name");
  if (strlen(name) >= MATERIAL_NAME) refuse("scene line %d: a name has at most %d characters", line->number, MATERIAL_NAME - 1);
  if (find_material(scene, name) >= 0) refuse("scene line %d: there is a material %s already", line->number, name);
  Material *material = &scene->materials[scene->material_count++];
  strcpy(material->name, name);
  material->colour = take_vector(line, "the material's colour", 0, 1);
  material->refraction = 1;
  while (line->next < line->count) {
    if (take_keyword(line, "checker")) {
      material->is_checker = true;
      material->second_colour = take_vector(line, "the second colour", 0, 1);
      material->checker_size = take_number(line, "the size of the checkers", 1e-3, 1e6);
    } else if (take_keyword(line, "reflect")) {
      material->reflect = take_number(line, "reflect", 0, 1);
    } else if (take_keyword(line, "transmit")) {
      material->transmit = take_number(line, "transmit", 0, 1);
      material->refraction = take_number(line, "the index of refraction", 1, 3);
    } else if (take_keyword(line, "shine")) {
      material->shine = take_number(line, "shine", 0, 1);
      material->hardness = take_number(line, "the hardness of highlights", 1, 1000);
    } else {
      refuse("scene line %d: \"%s\" is none of checker, reflect, transmit, shine", line->number, line->words[line->next]);
    }
  }
  if (material->reflect + material->transmit > 1) refuse("scene line %d: reflect and transmit are more than 1 together", line->number);
}

static void read_plane(Line *line, Shape *shape) {
  Vector normal = take_point(line, "the plane's normal");
  if (!(length(normal) > 1e-9)) refuse("scene line %d: the plane has no normal", line->number);
  shape->normal = unit(normal);
  shape->size = take_number(line, "the plane's distance", -1e6, 1e6);
}

static void read_triangle(Line *line, Shape *shape) {
  shape->a = take_point(line, "a corner");
  shape->b = subtract(take_point(line, "a corner"), shape->a);
  shape->c = subtract(take_point(line, "a corner"), shape->a);
  Vector normal = cross(shape->b, shape->c);
  if (!(length(normal) > 1e-12)) refuse("scene line %d: the corners lie on a line", line->number);
  shape->normal = unit(normal);
}

static void read_box(Line *line, Shape *shape) {
  shape->a = take_point(line, "the least corner");
  shape->b = take_point(line, "the greatest corner");
  if (!(shape->a.x < shape->b.x && shape->a.y < shape->b.y && shape->a.z < shape->b.z)) {
    refuse("scene line %d: the second corner must be greater in x, y and z", line->number);
  }
}

static void read_shape(Line *line, ShapeKind kind) {
  Scene *scene = line->scene;
  if (scene->shape_count == MAX_SHAPES) refuse("scene line %d: more than %d shapes", line->number, MAX_SHAPES);
  Shape *shape = &scene->shapes[scene->shape_count++];
  const char *name = take_word(line, "the material");
  shape->kind = kind;
  shape->material = find_material(scene, name);
  if (shape->material < 0) refuse("scene line %d: there is no material %s above", line->number, name);
  switch (kind) {
    case SHAPE_SPHERE:
      shape->a = take_point(line, "the centre");
      shape->size = take_number(line, "the radius", 1e-6, 1e6);
      break;
    case SHAPE_PLANE: read_plane(line, shape); break;
    case SHAPE_TRIANGLE: read_triangle(line, shape); break;
    case SHAPE_BOX: read_box(line, shape); break;
  }
}

static void read_line(Line *line) {
  if (take_keyword(line, "camera")) read_camera(line);
  else if (take_keyword(line, "light")) read_light(line);
  else if (take_keyword(line, "material")) read_material(line);
  else if (take_keyword(line, "sphere")) read_shape(line, SHAPE_SPHERE);
  else if (take_keyword(line, "plane")) read_shape(line, SHAPE_PLANE);
  else if (take_keyword(line, "triangle")) read_shape(line, SHAPE_TRIANGLE);
  else if (take_keyword(line, "box")) read_shape(line, SHAPE_BOX);
  else if (take_keyword(line, "ambient")) line->scene->ambient = take_colour(line, "the ambient light");
  else if (take_keyword(line, "sky")) {
    line->scene->zenith = take_colour(line, "the colour of the zenith");
    line->scene->horizon = take_colour(line, "the colour of the horizon");
  } else refuse("scene line %d: \"%s\" is none of camera, sky, ambient, light, material, sphere, plane, triangle, box", line->number, line->words[0]);
  if (line->next < line->count) refuse("scene line %d: \"%s\" is too much", line->number, line->words[line->next]);
}

// Splits the line that starts at text into words, up to its end or '#'; returns the start of the next line.
static const char *split_line(Line *line, const char *text) {
  const char *end = text + strcspn(text, "\n"), *stop = text + strcspn(text, "#\n");
  line->number += 1;
  line->count = line->next = 0;
  while (text < stop) {
    text += strspn(text, " \t\r");
    size_t size = strcspn(text, " \t\r#\n");
    if (text >= stop || size == 0) break;
    if (line->count == MAX_WORDS || size >= MAX_WORD) refuse("scene line %d is too long", line->number);
    memcpy(line->words[line->count], text, size);
    line->words[line->count++][size] = '\0';
    text += size;
  }
  return *end == '\n' ? end + 1 : end;
}

void scene_read(Scene *scene, const char *text) {
  static Line line;
  *scene = (Scene){.to = {0, 0, 1}, .up = {0, 1, 0}, .angle = 45, .zenith = {0.5, 0.7, 1}, .horizon = {1, 1, 1}, .ambient = {0.2, 0.2, 0.2}};
  line = (Line){.scene = scene};
  if (strncmp(text, "\xef\xbb\xbf", 3) == 0) text += 3;
  while (*text != '\0') {
    text = split_line(&line, text);
    if (line.count > 0) read_line(&line);
  }
  if (scene->shape_count == 0) refuse("the scene has no shapes");
}
