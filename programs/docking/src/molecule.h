// Atoms, and the files they come from.
#ifndef DOCKING_MOLECULE_H
#define DOCKING_MOLECULE_H

#include <stdint.h>

typedef struct {
  double x, y, z; // ångström
} Point;

typedef struct {
  Point place;
  double charge; // elementary charges
  int element;   // position in ELEMENTS
} Atom;

typedef struct {
  int count;
  Atom *atoms;
} Molecule;

// Lennard-Jones parameters of the Universal Force Field (Rappé, Casewit, Colwell, Goddard, Skiff, 1992), table 1.
typedef struct {
  const char *symbol;
  double distance; // of least energy between two such atoms, ångström
  double depth;    // of that energy, kcal/mol
} Element;

enum { ELEMENT_COUNT = 16, MAX_RECEPTOR = 5000, MAX_LIGAND = 200 };

extern const Element ELEMENTS[ELEMENT_COUNT];

// Reads the ATOM and HETATM records of the first model of a PDB or PDBQT file. Refuses (exit code 2) what does not follow the format, and fewer than 1 or
// more than limit atoms. option: for messages.
Molecule molecule_read(const char *option, const char *text, int limit);

// A made-up pocket: a bowl of carbon with three oxygens and a nitrogen in its wall, open upwards, around the origin.
Molecule example_receptor(void);

// Benzamidinium in its plane.
Molecule example_ligand(void);

Point centroid(const Molecule *molecule);

#endif
