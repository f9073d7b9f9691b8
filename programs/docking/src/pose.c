#include "pose.h"

#include <math.h>

Pose pose_turn(Point axis, double angle) {
  double length = sqrt(axis.x * axis.x + axis.y * axis.y + axis.z * axis.z), sine = sin(angle / 2) / length;
  return (Pose){.w = cos(angle / 2), .x = sine * axis.x, .y = sine * axis.y, .z = sine * axis.z};
}

Pose pose_then(Pose pose, Pose turn, Point move) {
  Pose next = {
      .centre = {pose.centre.x + move.x, pose.centre.y + move.y, pose.centre.z + move.z},
      .w = turn.w * pose.w - turn.x * pose.x - turn.y * pose.y - turn.z * pose.z,
      .x = turn.w * pose.x + turn.x * pose.w + turn.y * pose.z - turn.z * pose.y,
      .y = turn.w * pose.y - turn.x * pose.z + turn.y * pose.w + turn.z * pose.x,
      .z = turn.w * pose.z + turn.x * pose.y - turn.y * pose.x + turn.z * pose.w,
  };
  double scale = 1 / sqrt(next.w * next.w + next.x * next.x + next.y * next.y + next.z * next.z);
  next.w *= scale;
  next.x *= scale;
  next.y *= scale;
  next.z *= scale;
  return next;
}

void pose_apply(const Pose *pose, const Molecule *ligand, Point *places) {
  double w = pose->w, x = pose->x, y = pose->y, z = pose->z;
  Point row1 = {1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)};
  Point row2 = {2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)};
  Point row3 = {2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)};
  for (int i = 0; i < ligand->count; i++) {
    Point p = ligand->atoms[i].place;
    places[i].x = pose->centre.x + row1.x * p.x + row1.y * p.y + row1.z * p.z;
    places[i].y = pose->centre.y + row2.x * p.x + row2.y * p.y + row2.z * p.z;
    places[i].z = pose->centre.z + row3.x * p.x + row3.y * p.y + row3.z * p.z;
  }
}

double placement_distance(const Point *a, const Point *b, int count) {
  double sum = 0;
  for (int i = 0; i < count; i++) {
    double x = a[i].x - b[i].x, y = a[i].y - b[i].y, z = a[i].z - b[i].z;
    sum += x * x + y * y + z * z;
  }
  return sqrt(sum / count);
}
