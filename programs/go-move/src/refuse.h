// The two ways to end without an answer. Both print "go-move: <message>" to standard error.
#ifndef GO_MOVE_REFUSE_H
#define GO_MOVE_REFUSE_H

enum { EXIT_FAILED = 1, EXIT_REFUSED = 2 };

// The arguments or the board are wrong: exit code 2.
_Noreturn void refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

// The surroundings are wrong (an output cannot be written, no memory): exit code 1.
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
