// How well a placed ligand sits: interaction energy with the receptor, kcal/mol, the lower the better.
#ifndef DOCKING_SCORE_H
#define DOCKING_SCORE_H

#include "molecule.h"

typedef struct {
  double contact; // Lennard-Jones 12-6, minima mixed geometrically
  double charge;  // Coulomb with a dielectric of 4 r (r in ångström), less its value at the cut-off
} Score;

// Pairs farther apart than 12 ångström count nothing; nearer than 0.7 ångström they count as at 0.7.
Score score_places(const Molecule *receptor, const Molecule *ligand, const Point *places);

static inline double score_total(Score score) { return score.contact + score.charge; }

#endif
