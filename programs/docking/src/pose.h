// Where a rigid ligand is and how it is turned.
#ifndef DOCKING_POSE_H
#define DOCKING_POSE_H

#include "molecule.h"

typedef struct {
  Point centre;       // of the ligand's atoms
  double w, x, y, z;  // unit quaternion of the turn about the centre, from the ligand's file
} Pose;

// A quaternion of a turn about an axis (any length but 0) by an angle in radians, as a pose at the origin.
Pose pose_turn(Point axis, double angle);

// The pose turned once more about its centre, and moved.
Pose pose_then(Pose pose, Pose turn, Point move);

// Places of the ligand's atoms, whose centroid must be the origin.
void pose_apply(const Pose *pose, const Molecule *ligand, Point *places);

// Root of the mean square distance between the atoms of two placements.
double placement_distance(const Point *a, const Point *b, int count);

#endif
