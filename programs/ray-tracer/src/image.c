#include "image.h"

#include <stdlib.h>

#include "files.h"
#include "refuse.h"

enum { MAX_BLOCK = 65535, ADLER = 65521 };

Image image_create(uint32_t width, uint32_t height, Range rows) {
  Image image = {.width = width, .height = height, .rows = rows};
  image.pixels = allocate(image_bytes(&image), 1);
  return image;
}

size_t image_bytes(const Image *image) { return (size_t)(image->rows.end - image->rows.first) * image->width * CHANNELS; }

// Writes bytes and keeps the checksum of a PNG chunk.
typedef struct {
  FILE *stream;
  uint32_t crc;
  uint32_t table[256];
} Chunk;

static void make_table(Chunk *chunk) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; bit++) value = value & 1 ? value >> 1 ^ 0xedb88320u : value >> 1;
    chunk->table[i] = value;
  }
}

static void put_byte(Chunk *chunk, uint32_t byte) {
  chunk->crc = chunk->table[(chunk->crc ^ byte) & 0xff] ^ chunk->crc >> 8;
  fputc((int)(byte & 0xff), chunk->stream);
}

static void put_word(Chunk *chunk, uint32_t word) {
  for (int shift = 24; shift >= 0; shift -= 8) put_byte(chunk, word >> shift & 0xff);
}

static void begin_chunk(Chunk *chunk, const char *type, uint32_t size) {
  put_word(chunk, size);
  chunk->crc = 0xffffffffu;
  for (int i = 0; i < 4; i++) put_byte(chunk, (uint8_t)type[i]);
}

static void end_chunk(Chunk *chunk) { put_word(chunk, ~chunk->crc); }

static void put_header(Chunk *chunk, const Image *image) {
  begin_chunk(chunk, "IHDR", 13);
  put_word(chunk, image->width);
  put_word(chunk, image->height);
  put_word(chunk, 0x08020000u); // 8 bits a channel, red green blue, the one compression and filter method
  put_byte(chunk, 0);           // not interlaced
  end_chunk(chunk);
}

// One zlib stream of stored blocks; each row begins with its filter, none.
static void put_pixels(Chunk *chunk, const Image *image) {
  uint32_t row_bytes = image->width * CHANNELS + 1, total = row_bytes * image->height;
  uint32_t blocks = (total + MAX_BLOCK - 1) / MAX_BLOCK, sum = 1, sum_of_sums = 0, left = total, in_block = 0;
  begin_chunk(chunk, "IDAT", 2 + 5 * blocks + total + 4);
  put_byte(chunk, 0x78);
  put_byte(chunk, 0x01);
  for (uint32_t i = 0; i < total; i++) {
    if (in_block == 0) {
      in_block = left < MAX_BLOCK ? left : MAX_BLOCK;
      put_byte(chunk, in_block == left);
      for (int part = 0; part < 2; part++) {
        uint32_t size = part == 0 ? in_block : ~in_block;
        put_byte(chunk, size & 0xff);
        put_byte(chunk, size >> 8 & 0xff);
      }
    }
    uint32_t column = i % row_bytes, byte = column == 0 ? 0 : image->pixels[i / row_bytes * (row_bytes - 1) + column - 1];
    put_byte(chunk, byte);
    sum = (sum + byte) % ADLER;
    sum_of_sums = (sum_of_sums + sum) % ADLER;
    in_block -= 1;
    left -= 1;
  }
  put_word(chunk, sum_of_sums << 16 | sum);
  end_chunk(chunk);
}

void image_write_png(const Image *image) {
  Output output = output_open("image.png");
  Chunk chunk = {.stream = output.stream};
  make_table(&chunk);
  fwrite("\x89PNG\r\n\x1a\n", 1, 8, output.stream);
  put_header(&chunk, image);
  put_pixels(&chunk, image);
  begin_chunk(&chunk, "IEND", 0);
  end_chunk(&chunk);
  output_close(&output);
}

void image_write_tile(const Image *image, Part part) {
  Output output = output_open("tile.ppm");
  fprintf(output.stream, "P6\n# tile %u/%u of %u x %u\n%u %u\n255\n", (unsigned)part.index, (unsigned)part.size, (unsigned)image->width,
          (unsigned)image->height, (unsigned)image->width, (unsigned)(image->rows.end - image->rows.first));
  fwrite(image->pixels, 1, image_bytes(image), output.stream);
  output_close(&output);
}

// Adds one tile at its place; the first one makes the image.
static void join_tile(Image *image, uint32_t index, uint32_t count) {
  char name[16];
  unsigned part, size, width, height, columns, rows;
  int header = 0;
  size_t length;
  snprintf(name, sizeof name, "%u", (unsigned)index);
  char *tile = input_read("tile", name, MAX_WIDTH * MAX_HEIGHT * CHANNELS + 256, &length);
  int found = sscanf(tile, "P6\n# tile %7u/%7u of %4u x %4u\n%4u %4u\n255%n", &part, &size, &width, &height, &columns, &rows, &header);
  if (found != 6 || header == 0 || tile[header] != '\n') refuse("input %s is not a tile", name);
  if (part != index || size != count) refuse("input %s is tile %u/%u, not %u/%u", name, part, size, (unsigned)index, (unsigned)count);
  if (width < 1 || width > MAX_WIDTH || height < 1 || height > MAX_HEIGHT) refuse("input %s is of an image of %u x %u", name, width, height);
  if (index == 0) *image = image_create(width, height, (Range){.first = 0, .end = height});
  if (width != image->width || height != image->height) refuse("input %s is of another image than input 0", name);
  Range range = part_range((Part){.index = index, .size = count}, height);
  uint64_t row_bytes = (uint64_t)width * CHANNELS, bytes = (range.end - range.first) * row_bytes;
  const char *pixels = tile + header + 1;
  if (columns != width || rows != range.end - range.first || length != (size_t)(pixels - tile) + bytes) refuse("input %s is not a whole tile", name);
  for (uint64_t i = 0; i < bytes; i++) image->pixels[range.first * row_bytes + i] = (uint8_t)pixels[i];
  free(tile);
}

Image image_join(uint32_t count) {
  Image image = {0};
  for (uint32_t index = 0; index < count; index++) join_tile(&image, index, count);
  return image;
}
