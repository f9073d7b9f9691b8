// Simulated annealing over poses.
#ifndef DOCKING_SEARCH_H
#define DOCKING_SEARCH_H

#include "pose.h"
#include "score.h"

typedef struct {
  const Molecule *receptor, *ligand; // the ligand's centroid is the origin
  Point centre;                      // of the box that the ligand's centre stays in
  double size;                       // edge of the box, ångström
  uint32_t steps, seed;
} Search;

typedef struct {
  uint64_t run;
  Pose pose;
  Score score;
} Found;

// The best pose of one run from a random start. Random numbers depend on seed, run and step alone.
Found search_run(const Search *search, uint64_t run);

#endif
