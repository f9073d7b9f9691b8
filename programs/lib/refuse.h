// The two ways to end without an answer. Both print "<program>: <message>" to standard error, in one line.
#ifndef LIB_REFUSE_H
#define LIB_REFUSE_H

enum { EXIT_FAILED = 1, EXIT_REFUSED = 2 };

// Every program defines its own name.
extern const char PROGRAM_NAME[];

// The arguments or the inputs are wrong: exit code 2.
_Noreturn void refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

// The surroundings are wrong (an output cannot be written, no memory): exit code 1.
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Memory of count elements, zeroed, that is never freed; fails when there is none.
void *allocate(unsigned long count, unsigned long size);

#endif
