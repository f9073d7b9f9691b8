#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "answer.h"
#include "files.h"
#include "options.h"
#include "refuse.h"

const char PROGRAM_NAME[] = "docking";

enum { MAX_FILE = 1 << 20, MAX_RUNS = 1000 };

// Poses nearer than this to a better one are left out, ångström.
static const double SAME_POSE = 1;

static const char USAGE[] =
    "docking: places a rigid ligand in the pocket of a receptor, by simulated annealing. Same arguments, same poses.\n"
    "\n"
    "  --receptor FILE  PDB or PDBQT file of the input folder, up to 5000 atoms; @1 is the first input file of the request\n"
    "  --ligand FILE    the same, up to 200 atoms. A made-up pocket and benzamidinium when both are absent\n"
    "  --centre X,Y,Z   of the box searched, ångström (default: the receptor's middle)\n"
    "  --size S         edge of the box, ångström, 0.1 to 200 (default 12)\n"
    "  --runs N         independent searches, 1 to 1000 (default 8); each task of a bag makes as many, of its own\n"
    "  --steps N        of each search, 10 to 1000000 (default 2000)\n"
    "  --poses N        different poses to give, 1 to 50 (default 5)\n"
    "  --seed N         0 to 4294967295 (default 1)\n"
    "  --part K/N       the runs of task K of N, counted from 0; by the task's place in its bag, unless this is given\n"
    "  --help           this text\n"
    "\n"
    "Writes best.json, poses.pdb and computed.json to the output folder.\n"
    "Exit codes: 0 answered, 1 an output cannot be written or no memory, 2 the arguments or a molecule are wrong.\n";

typedef struct {
  const char *receptor, *ligand; // NULL when not given
  bool has_centre;
  Point centre;
  double size;
  uint32_t runs, steps, poses, seed;
  Part part;
} Arguments;

static void parse_centre(const char *text, void *target) {
  Arguments *arguments = target;
  double *const coordinates[] = {&arguments->centre.x, &arguments->centre.y, &arguments->centre.z};
  const char *rest = text;
  for (int i = 0; i < 3; i++) {
    const char *end = rest + strcspn(rest, ",");
    bool is_last = i == 2, is_number = number_parse(rest, (int)(end - rest), coordinates[i]);
    if (!is_number || *coordinates[i] < -1e5 || *coordinates[i] > 1e5 || is_last != (*end == '\0')) {
      refuse("--centre must be three numbers from -100000 to 100000, x,y,z, not \"%s\"", text);
    }
    rest = end + 1;
  }
  arguments->has_centre = true;
}

static Arguments read_arguments(int count, char **values) {
  Arguments arguments = {.size = 12, .runs = 8, .steps = 2000, .poses = 5, .seed = 1};
  const Option options[] = {
      {.name = "receptor", .type = OPTION_TEXT, .target = &arguments.receptor},
      {.name = "ligand", .type = OPTION_TEXT, .target = &arguments.ligand},
      {.name = "centre", .type = OPTION_PARSED, .target = &arguments, .parse = parse_centre},
      {.name = "size", .type = OPTION_NUMBER, .target = &arguments.size, .low = 0.1, .high = 200},
      {.name = "runs", .type = OPTION_WHOLE, .target = &arguments.runs, .low = 1, .high = MAX_RUNS},
      {.name = "steps", .type = OPTION_WHOLE, .target = &arguments.steps, .low = 10, .high = 1000000},
      {.name = "poses", .type = OPTION_WHOLE, .target = &arguments.poses, .low = 1, .high = 50},
      {.name = "seed", .type = OPTION_WHOLE, .target = &arguments.seed, .high = UINT32_MAX},
      {.name = "part", .type = OPTION_PARSED, .target = &arguments.part, .parse = part_parse},
  };
  options_read(count, values, options, sizeof options / sizeof *options, USAGE);
  if ((arguments.receptor == NULL) != (arguments.ligand == NULL)) refuse("--receptor and --ligand belong together");
  return arguments;
}

static void centre_ligand(Molecule *ligand) {
  Point middle = centroid(ligand);
  for (int i = 0; i < ligand->count; i++) {
    Point *place = &ligand->atoms[i].place;
    *place = (Point){place->x - middle.x, place->y - middle.y, place->z - middle.z};
  }
}

static bool is_near_better(const Search *search, const Found *poses, int count, const Found *found) {
  Point own[MAX_LIGAND], other[MAX_LIGAND];
  pose_apply(&found->pose, search->ligand, own);
  for (int i = 0; i < count; i++) {
    pose_apply(&poses[i].pose, search->ligand, other);
    if (placement_distance(own, other, search->ligand->count) < SAME_POSE) return true;
  }
  return false;
}

// Sorts by score, the earlier run first among equals, and keeps up to limit different poses at the front; returns their number.
static int rank(const Search *search, Found *found, int count, int limit) {
  for (int i = 1; i < count; i++) {
    Found moving = found[i];
    int at = i;
    for (; at > 0 && score_total(moving.score) < score_total(found[at - 1].score); at--) found[at] = found[at - 1];
    found[at] = moving;
  }
  int kept = 0;
  for (int i = 0; i < count && kept < limit; i++) {
    if (!is_near_better(search, found, kept, &found[i])) found[kept++] = found[i];
  }
  return kept;
}

int main(int count, char **values) {
  static Found found[MAX_RUNS];
  Arguments arguments = read_arguments(count, values);
  Part part = part_choose(arguments.part);
  bool is_example = arguments.receptor == NULL;
  Molecule receptor =
      is_example ? example_receptor() : molecule_read("receptor", input_read_text("receptor", arguments.receptor, MAX_FILE), MAX_RECEPTOR);
  Molecule ligand = is_example ? example_ligand() : molecule_read("ligand", input_read_text("ligand", arguments.ligand, MAX_FILE), MAX_LIGAND);
  centre_ligand(&ligand);
  Search search = {.receptor = &receptor, .ligand = &ligand, .size = arguments.size, .steps = arguments.steps, .seed = arguments.seed};
  search.centre = arguments.has_centre ? arguments.centre : centroid(&receptor);
  for (uint32_t run = 0; run < arguments.runs; run++) found[run] = search_run(&search, (uint64_t)part.index * arguments.runs + run);
  Ranking ranking = {.part = part, .runs = arguments.runs, .poses = found};
  ranking.count = rank(&search, found, (int)arguments.runs, (int)arguments.poses);
  answer_write(&search, &ranking);
  return 0;
}
