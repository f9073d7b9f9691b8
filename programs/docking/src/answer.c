#include "answer.h"

#include "files.h"
#include "text.h"

static void write_list(FILE *stream, const char *name, const double *values, int count) {
  fprintf(stream, ", \"%s\": [", name);
  for (int i = 0; i < count; i++) {
    if (i > 0) fputs(", ", stream);
    number_write(stream, values[i]);
  }
  fputc(']', stream);
}

static void write_pose(FILE *stream, const Found *found) {
  const Pose *pose = &found->pose;
  fprintf(stream, "{ \"run\": %llu, \"score\": ", (unsigned long long)found->run);
  number_write(stream, score_total(found->score));
  fputs(", \"contact\": ", stream);
  number_write(stream, found->score.contact);
  fputs(", \"charge\": ", stream);
  number_write(stream, found->score.charge);
  write_list(stream, "centre", (double[]){pose->centre.x, pose->centre.y, pose->centre.z}, 3);
  write_list(stream, "quaternion", (double[]){pose->w, pose->x, pose->y, pose->z}, 4);
  fputs(" }", stream);
}

static void write_best(const Search *search, const Ranking *ranking) {
  Output output = output_open("best.json");
  FILE *stream = output.stream;
  fprintf(stream, "{\n  \"score\": ");
  number_write(stream, score_total(ranking->poses[0].score));
  fprintf(stream, ",\n  \"task\": %u,\n  \"tasks\": %u,\n  \"runs\": %u,\n  \"steps\": %u,\n  \"seed\": %u,\n  \"poses\": [",
          (unsigned)ranking->part.index, (unsigned)ranking->part.size, (unsigned)ranking->runs, (unsigned)search->steps, (unsigned)search->seed);
  for (int i = 0; i < ranking->count; i++) {
    fputs(i == 0 ? "\n    " : ",\n    ", stream);
    write_pose(stream, &ranking->poses[i]);
  }
  fputs("\n  ]\n}\n", stream);
  output_close(&output);
}

static void write_model(FILE *stream, const Search *search, const Found *found, int number) {
  Point places[MAX_LIGAND];
  pose_apply(&found->pose, search->ligand, places);
  fprintf(stream, "MODEL     %4d\nREMARK  score %.4f kcal/mol, run %llu\n", number, score_total(found->score), (unsigned long long)found->run);
  for (int i = 0; i < search->ligand->count; i++) {
    const Atom *atom = &search->ligand->atoms[i];
    const char *symbol = ELEMENTS[atom->element].symbol;
    fprintf(stream, "HETATM%5d  %-3s LIG A   1    %8.3f%8.3f%8.3f  1.00  0.00    %6.3f%2s\n", i + 1, symbol, places[i].x, places[i].y, places[i].z,
            atom->charge, symbol);
  }
  fprintf(stream, "ENDMDL\n");
}

static void write_models(const Search *search, const Ranking *ranking) {
  Output output = output_open("poses.pdb");
  for (int i = 0; i < ranking->count; i++) write_model(output.stream, search, &ranking->poses[i], i + 1);
  fputs("END\n", output.stream);
  output_close(&output);
}

void answer_write(const Search *search, const Ranking *ranking) {
  printf("%u runs of %u steps, seed %u\n\n  rank      run    kcal/mol\n", (unsigned)ranking->runs, (unsigned)search->steps, (unsigned)search->seed);
  for (int i = 0; i < ranking->count; i++) {
    printf("  %4d %8llu %11.4f\n", i + 1, (unsigned long long)ranking->poses[i].run, score_total(ranking->poses[i].score));
  }
  write_best(search, ranking);
  write_models(search, ranking);
  output_declare(NULL);
}
