#include "molecule.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "options.h"
#include "refuse.h"

const Element ELEMENTS[ELEMENT_COUNT] = {
    {"C", 3.851, 0.105},  {"H", 2.886, 0.044},  {"N", 3.660, 0.069},  {"O", 3.500, 0.060},  {"F", 3.364, 0.050},  {"P", 4.147, 0.305},
    {"S", 4.035, 0.274},  {"Cl", 3.947, 0.227}, {"Br", 4.189, 0.251}, {"I", 4.500, 0.339},  {"Na", 2.983, 0.030}, {"Mg", 3.021, 0.111},
    {"K", 3.812, 0.035},  {"Ca", 3.399, 0.238}, {"Fe", 2.912, 0.013}, {"Zn", 2.763, 0.124},
};

// Columns of a record, counted from 1, both included.
typedef struct {
  int first, last;
} Columns;

static const Columns NAME = {13, 16}, ALTERNATIVE = {17, 17}, X = {31, 38}, Y = {39, 46}, Z = {47, 54}, CHARGE = {71, 76}, SYMBOL = {77, 79};

enum { MAX_FIELD = 8 };

typedef struct {
  const char *option;
  int number;
  const char *text;
  int length;
} Line;

// The text of columns without spaces around it; returns its length.
static int take(const Line *line, Columns columns, char out[MAX_FIELD + 1]) {
  int first = columns.first - 1, end = columns.last < line->length ? columns.last : line->length, length = 0;
  while (first < end && isspace((unsigned char)line->text[first])) first += 1;
  while (end > first && isspace((unsigned char)line->text[end - 1])) end -= 1;
  while (first < end && length < MAX_FIELD) out[length++] = line->text[first++];
  out[length] = '\0';
  return length;
}

static double take_coordinate(const Line *line, Columns columns) {
  char text[MAX_FIELD + 1];
  double number;
  if (!number_parse(text, take(line, columns, text), &number)) {
    refuse("%s line %d: columns %d to %d must be a number, not \"%s\"", line->option, line->number, columns.first, columns.last, text);
  }
  return number;
}

// Partial charges are where PDBQT files have them; what is there in other files has no decimal point.
static double take_charge(const Line *line) {
  char text[MAX_FIELD + 1];
  double number;
  int length = take(line, CHARGE, text);
  return strchr(text, '.') != NULL && number_parse(text, length, &number) ? number : 0;
}

static int find_element(char first, char second) {
  for (int i = 0; i < ELEMENT_COUNT; i++) {
    const char *symbol = ELEMENTS[i].symbol;
    if (toupper((unsigned char)first) == symbol[0] && tolower((unsigned char)second) == symbol[1]) return i;
  }
  return -1;
}

// By the element column; by the letters of the atom's name in files without one. PDBQT types begin with their element, but for A, carbon of a ring.
static int take_element(const Line *line) {
  char text[MAX_FIELD + 1], name[MAX_FIELD + 1];
  int length = take(line, SYMBOL, text), found = -1;
  take(line, NAME, name);
  if (length > 0) {
    bool two_letters = length > 1 && (line->text[SYMBOL.first - 1] != ' ' || islower((unsigned char)text[1]));
    if (two_letters && isalpha((unsigned char)text[1])) found = find_element(text[0], text[1]);
    else found = find_element(text[0] == 'A' ? 'C' : text[0], '\0');
  } else if (line->length >= NAME.last) {
    if (line->text[NAME.first - 1] != ' ') found = find_element(name[0], name[1]);
    for (const char *c = name; *c != '\0' && found < 0; c++) {
      if (isalpha((unsigned char)*c)) found = find_element(*c, '\0');
    }
  }
  if (found < 0) refuse("%s line %d: the element of atom \"%s\" is not known", line->option, line->number, length > 0 ? text : name);
  return found;
}

static bool is_atom(const Line *line) { return line->length >= 6 && (memcmp(line->text, "ATOM  ", 6) == 0 || memcmp(line->text, "HETATM", 6) == 0); }

// Of several places of an atom the first is taken.
static bool is_alternative(const Line *line) {
  char text[MAX_FIELD + 1];
  return take(line, ALTERNATIVE, text) == 1 && text[0] != 'A' && text[0] != '1';
}

Molecule molecule_read(const char *option, const char *text, int limit) {
  Molecule molecule = {.atoms = allocate((unsigned long)limit, sizeof(Atom))};
  Line line = {.option = option};
  while (*text != '\0') {
    line.text = text;
    line.length = (int)strcspn(text, "\r\n");
    line.number += 1;
    text += line.length;
    text += *text == '\r' && text[1] == '\n' ? 2 : *text != '\0';
    if (line.length >= 6 && memcmp(line.text, "ENDMDL", 6) == 0) break;
    if (!is_atom(&line) || is_alternative(&line)) continue;
    if (molecule.count == limit) refuse("the %s has more than %d atoms", option, limit);
    Atom *atom = &molecule.atoms[molecule.count++];
    atom->place = (Point){take_coordinate(&line, X), take_coordinate(&line, Y), take_coordinate(&line, Z)};
    atom->charge = take_charge(&line);
    atom->element = take_element(&line);
  }
  if (molecule.count == 0) refuse("the %s has no ATOM or HETATM record", option);
  return molecule;
}

Point centroid(const Molecule *molecule) {
  Point sum = {0, 0, 0};
  for (int i = 0; i < molecule->count; i++) {
    sum.x += molecule->atoms[i].place.x;
    sum.y += molecule->atoms[i].place.y;
    sum.z += molecule->atoms[i].place.z;
  }
  return (Point){sum.x / molecule->count, sum.y / molecule->count, sum.z / molecule->count};
}

Molecule example_receptor(void) {
  enum { POINTS = 150, CARBON = 0, NITROGEN = 2, OXYGEN = 3 };
  static const double RADIUS = 6.5, GOLDEN_ANGLE = 2.39996322972865332, RIM = 3.5;
  Molecule molecule = {.atoms = allocate(POINTS, sizeof(Atom))};
  for (int i = 0; i < POINTS; i++) {
    double height = 1 - (2 * i + 1.0) / POINTS, ring = sqrt(1 - height * height);
    if (height * RADIUS > RIM) continue;
    Atom *atom = &molecule.atoms[molecule.count++];
    atom->place = (Point){RADIUS * ring * cos(GOLDEN_ANGLE * i), RADIUS * ring * sin(GOLDEN_ANGLE * i), RADIUS * height};
    atom->element = CARBON;
    if (i == 120 || i == 128 || i == 133) {
      atom->element = OXYGEN;
      atom->charge = -0.6;
    } else if (i == 60) {
      atom->element = NITROGEN;
      atom->charge = 0.3;
    }
  }
  return molecule;
}

Molecule example_ligand(void) {
  static const char TEXT[] =
      "ATOM      1  C1  BEN     1       1.390   0.000   0.000  1.00  0.00    -0.020 C\n"
      "ATOM      2  C2  BEN     1       0.695   1.204   0.000  1.00  0.00    -0.050 C\n"
      "ATOM      3  C3  BEN     1      -0.695   1.204   0.000  1.00  0.00    -0.060 C\n"
      "ATOM      4  C4  BEN     1      -1.390   0.000   0.000  1.00  0.00    -0.060 C\n"
      "ATOM      5  C5  BEN     1      -0.695  -1.204   0.000  1.00  0.00    -0.060 C\n"
      "ATOM      6  C6  BEN     1       0.695  -1.204   0.000  1.00  0.00    -0.050 C\n"
      "ATOM      7  C7  BEN     1       2.870   0.000   0.000  1.00  0.00     0.300 C\n"
      "ATOM      8  N1  BEN     1       3.530   1.160   0.000  1.00  0.00    -0.250 N\n"
      "ATOM      9  N2  BEN     1       3.530  -1.160   0.000  1.00  0.00    -0.250 N\n"
      "ATOM     10  H1  BEN     1       1.240   2.148   0.000  1.00  0.00     0.070 H\n"
      "ATOM     11  H2  BEN     1      -1.240   2.148   0.000  1.00  0.00     0.070 H\n"
      "ATOM     12  H3  BEN     1      -2.480   0.000   0.000  1.00  0.00     0.070 H\n"
      "ATOM     13  H4  BEN     1      -1.240  -2.148   0.000  1.00  0.00     0.070 H\n"
      "ATOM     14  H5  BEN     1       1.240  -2.148   0.000  1.00  0.00     0.070 H\n"
      "ATOM     15  H6  BEN     1       3.020   2.040   0.000  1.00  0.00     0.300 H\n"
      "ATOM     16  H7  BEN     1       4.540   1.180   0.000  1.00  0.00     0.300 H\n"
      "ATOM     17  H8  BEN     1       3.020  -2.040   0.000  1.00  0.00     0.300 H\n"
      "ATOM     18  H9  BEN     1       4.540  -1.180   0.000  1.00  0.00     0.250 H\n";
  return molecule_read("ligand", TEXT, MAX_LIGAND);
}
