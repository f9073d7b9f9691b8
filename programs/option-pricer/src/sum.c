#include "sum.h"

#include <math.h>
#include <string.h>

enum { LIMB_BITS = 32, LEAST_EXPONENT = -1074, LIMB_DIGITS = 8 };

void sum_add(Sum *sum, double number) {
  int exponent;
  double fraction = frexp(number, &exponent); // |fraction| is 0.5 to 1
  int64_t mantissa = (int64_t)ldexp(fraction, 53);
  int shift = exponent - 53 - LEAST_EXPONENT;
  if (shift < 0) { // subnormal: its last bits are zeros
    mantissa /= (int64_t)1 << -shift;
    shift = 0;
  }
  bool negative = mantissa < 0;
  uint64_t magnitude = (uint64_t)(negative ? -mantissa : mantissa);
  int limb = shift / LIMB_BITS, bits = shift % LIMB_BITS;
  uint64_t low = (magnitude & 0xffffffffu) << bits, high = (magnitude >> LIMB_BITS) << bits;
  uint64_t parts[3] = {low & 0xffffffffu, (low >> LIMB_BITS) + (high & 0xffffffffu), high >> LIMB_BITS};
  for (int i = 0; i < 3; i++) sum->limbs[limb + i] += negative ? -(int64_t)parts[i] : (int64_t)parts[i];
}

void sum_settle(Sum *sum) {
  int64_t carry = 0;
  for (int i = 0; i < LIMBS - 1; i++) {
    int64_t value = sum->limbs[i] + carry;
    carry = value >> LIMB_BITS; // towards minus infinity
    sum->limbs[i] = value & 0xffffffff;
  }
  sum->limbs[LIMBS - 1] += carry;
}

void sum_merge(Sum *sum, const Sum *other) {
  for (int i = 0; i < LIMBS; i++) sum->limbs[i] += other->limbs[i];
  sum_settle(sum);
}

static Sum negated(const Sum *sum) {
  Sum result;
  for (int i = 0; i < LIMBS; i++) result.limbs[i] = -sum->limbs[i];
  sum_settle(&result);
  return result;
}

double sum_value(const Sum *sum) {
  Sum settled = *sum;
  sum_settle(&settled);
  bool negative = settled.limbs[LIMBS - 1] < 0;
  if (negative) settled = negated(&settled);
  double value = 0;
  for (int i = LIMBS - 1; i >= 0; i--) value += ldexp((double)settled.limbs[i], LIMB_BITS * i + LEAST_EXPONENT);
  return negative ? -value : value;
}

void sum_write(FILE *stream, const Sum *sum) {
  Sum settled = *sum;
  sum_settle(&settled);
  if (settled.limbs[LIMBS - 1] < 0) {
    settled = negated(&settled);
    fputc('-', stream);
  }
  int top = LIMBS - 1;
  while (top > 0 && settled.limbs[top] == 0) top -= 1;
  for (int i = top; i >= 0; i--) fprintf(stream, "%08llx", (unsigned long long)settled.limbs[i]);
}

static int digit_value(char digit) {
  const char *digits = "0123456789abcdef", *found = digit != '\0' ? strchr(digits, digit) : NULL;
  return found != NULL ? (int)(found - digits) : -1;
}

bool sum_read(const char *text, Sum *sum) {
  bool negative = *text == '-';
  if (negative) text += 1;
  size_t count = strlen(text);
  *sum = (Sum){0};
  if (count == 0 || count % LIMB_DIGITS != 0 || count > SUM_TEXT - LIMB_DIGITS) return false;
  for (size_t i = 0; i < count; i++) {
    int value = digit_value(text[i]);
    int64_t *limb = &sum->limbs[(count - 1 - i) / LIMB_DIGITS];
    if (value < 0) return false;
    *limb = *limb << 4 | value;
  }
  if (negative) *sum = negated(sum);
  return true;
}
