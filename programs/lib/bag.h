// Which part of the work is asked for, when many tasks share it.
#ifndef LIB_BAG_H
#define LIB_BAG_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  uint32_t index; // 0-based position
  uint32_t size;  // parts in all; 1 is the whole
} Part;

// Parse function of an option "index/size", target Part. Refuses what is not 0 <= index < size <= 1000000.
void part_parse(const char *text, void *target);

// The part that was asked for on the command line (size 1 or more), else that of this task in its bag by IEXEC_BOT_TASK_INDEX, IEXEC_BOT_FIRST_INDEX
// and IEXEC_BOT_SIZE, else the whole.
Part part_choose(Part asked);

// Number of tasks whose results are joined, IEXEC_BOT_SIZE. Refuses when it is absent.
uint32_t bag_size(void);

// The half-open range of count things that a part takes: as equal as possible, in order, every thing in exactly one part.
typedef struct {
  uint64_t first, end;
} Range;

Range part_range(Part part, uint64_t count);

#endif
