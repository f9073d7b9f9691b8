#include "values.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "options.h"

enum { MAX_INTEGER_DIGITS = 15, DATE_LENGTH = 10 };

const char *type_name(ValueType type) {
  static const char *const NAMES[] = {"empty", "integer", "number", "boolean", "date", "text"};
  return NAMES[type];
}

static Field trim(Field field) {
  while (field.length > 0 && (*field.text == ' ' || *field.text == '\t')) {
    field.text += 1;
    field.length -= 1;
  }
  while (field.length > 0 && (field.text[field.length - 1] == ' ' || field.text[field.length - 1] == '\t')) field.length -= 1;
  return field;
}

static bool is_word(Field field, const char *word) { return field.length == strlen(word) && memcmp(field.text, word, field.length) == 0; }

bool value_is_missing(Field field) {
  static const char *const WORDS[] = {"", "NA", "N/A", "NULL", "null", "NaN"};
  Field trimmed = trim(field);
  for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
    if (is_word(trimmed, WORDS[i])) return true;
  }
  return false;
}

bool value_number(Field field, double *number) {
  Field trimmed = trim(field);
  return trimmed.length <= 64 && number_parse(trimmed.text, (int)trimmed.length, number);
}

static bool is_integer(Field field) {
  if (field.length > 0 && (*field.text == '-' || *field.text == '+')) {
    field.text += 1;
    field.length -= 1;
  }
  if (field.length == 0 || field.length > MAX_INTEGER_DIGITS) return false;
  for (uint32_t i = 0; i < field.length; i++) {
    if (!isdigit((unsigned char)field.text[i])) return false;
  }
  return true;
}

static bool is_boolean(Field field) {
  return (field.length == 4 && strncasecmp(field.text, "true", 4) == 0) || (field.length == 5 && strncasecmp(field.text, "false", 5) == 0);
}

static int digits(const char *text, int count) {
  int value = 0;
  for (int i = 0; i < count; i++) {
    if (!isdigit((unsigned char)text[i])) return -1;
    value = 10 * value + (text[i] - '0');
  }
  return value;
}

static bool is_date(Field field) {
  static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (field.length != DATE_LENGTH || field.text[4] != '-' || field.text[7] != '-') return false;
  int year = digits(field.text, 4), month = digits(field.text + 5, 2), day = digits(field.text + 8, 2);
  if (year < 0 || month < 1 || month > 12 || day < 1) return false;
  bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= DAYS[month - 1] + (month == 2 && is_leap);
}

ValueType value_type(Field field) {
  Field trimmed = trim(field);
  double number;
  if (is_integer(trimmed)) return TYPE_INTEGER;
  if (value_number(field, &number)) return TYPE_NUMBER;
  if (is_boolean(trimmed)) return TYPE_BOOLEAN;
  return is_date(field) ? TYPE_DATE : TYPE_TEXT;
}

ValueType type_join(ValueType a, ValueType b) {
  if (a == b || b == TYPE_EMPTY) return a;
  if (a == TYPE_EMPTY) return b;
  return type_is_numeric(a) && type_is_numeric(b) ? TYPE_NUMBER : TYPE_TEXT;
}
