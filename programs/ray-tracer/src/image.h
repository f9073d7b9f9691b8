// Pixels, and the files they come in.
#ifndef RAY_TRACER_IMAGE_H
#define RAY_TRACER_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "bag.h"

enum { MAX_WIDTH = 4096, MAX_HEIGHT = 2160, CHANNELS = 3 };

// Some rows of an image, from first to before end; pixels are red, green, blue, from the top left.
typedef struct {
  uint32_t width, height; // of the whole image
  Range rows;
  uint8_t *pixels;
} Image;

// Makes the pixels of the rows, all black.
Image image_create(uint32_t width, uint32_t height, Range rows);

size_t image_bytes(const Image *image);

// image.png: the whole image as PNG with 8 bits a channel, not compressed.
void image_write_png(const Image *image);

// tile.ppm: the rows as binary PPM; a comment says which part of what they are.
void image_write_tile(const Image *image, Part part);

// Puts the tiles /iexec_in/0 to /iexec_in/<count - 1> together. Refuses what is not a full set of tiles of one image.
Image image_join(uint32_t count);

#endif
