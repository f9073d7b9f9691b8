#include "score.h"

#include <math.h>
#include <stdbool.h>

static const double CUTOFF_SQUARE = 12.0 * 12.0, NEAREST_SQUARE = 0.7 * 0.7;

// Coulomb's constant in kcal/mol · ångström / e², over the dielectric of 4.
static const double COULOMB = 332.0637 / 4;

typedef struct {
  double distance_square, depth;
} Pair;

static const Pair *pair_table(void) {
  static Pair pairs[ELEMENT_COUNT * ELEMENT_COUNT];
  static bool ready = false;
  for (int i = 0; !ready && i < ELEMENT_COUNT * ELEMENT_COUNT; i++) {
    const Element *a = &ELEMENTS[i / ELEMENT_COUNT], *b = &ELEMENTS[i % ELEMENT_COUNT];
    pairs[i] = (Pair){.distance_square = a->distance * b->distance, .depth = sqrt(a->depth * b->depth)};
  }
  ready = true;
  return pairs;
}

Score score_places(const Molecule *receptor, const Molecule *ligand, const Point *places) {
  const Pair *pairs = pair_table();
  Score score = {0, 0};
  for (int i = 0; i < ligand->count; i++) {
    const Pair *row = &pairs[ligand->atoms[i].element * ELEMENT_COUNT];
    double charge = COULOMB * ligand->atoms[i].charge;
    Point place = places[i];
    for (int j = 0; j < receptor->count; j++) {
      const Atom *atom = &receptor->atoms[j];
      double x = atom->place.x - place.x, y = atom->place.y - place.y, z = atom->place.z - place.z, square = x * x + y * y + z * z;
      if (square >= CUTOFF_SQUARE) continue;
      double inverse = 1 / (square > NEAREST_SQUARE ? square : NEAREST_SQUARE);
      const Pair *pair = &row[atom->element];
      double ratio = pair->distance_square * inverse, attraction = ratio * ratio * ratio;
      score.contact += pair->depth * (attraction * attraction - 2 * attraction);
      score.charge += charge * atom->charge * (inverse - 1 / CUTOFF_SQUARE);
    }
  }
  return score;
}
