// best.json and poses.pdb.
#ifndef DOCKING_ANSWER_H
#define DOCKING_ANSWER_H

#include "bag.h"
#include "search.h"

typedef struct {
  Part part;
  uint32_t runs; // of this task
  int count;     // of poses, best first
  const Found *poses;
} Ranking;

void answer_write(const Search *search, const Ranking *ranking);

#endif
