// What flows through a face between two cells.
#ifndef SHALLOW_WATER_FACE_H
#define SHALLOW_WATER_FACE_H

// A cell as a face sees it; velocities across and along the face.
typedef struct {
  double bed, surface, across, along;
} Side;

// Per metre of face and second. What the two cells see of the momentum across differs by the pressure on the step between their beds.
typedef struct {
  double mass, left, right, along;
} Flux;

// HLL fluxes (Harten, Lax, van Leer, 1983) of states that are reconstructed hydrostatically (Audusse, Bouchut, Bristeau, Klein, Perthame, «A fast and
// stable well-balanced scheme with hydrostatic reconstruction», 2004), so that still water stays still over any bed, to the last bit; momentum along
// the face goes with the mass. Mirrored sides give exactly mirrored fluxes.
Flux face_flux(Side left, Side right);

#endif
