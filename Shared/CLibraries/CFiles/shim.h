// Linux file calls that Swift's Glibc module does not show.
#pragma once
#include <stddef.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <unistd.h>

// Declared here as well: another module may have read <unistd.h> first, without the GNU part.
extern ssize_t copy_file_range(int, __off64_t *, int, __off64_t *, size_t, unsigned int);

/// Copies at most `count` bytes between the positions of two files inside the kernel.
static inline ssize_t cfiles_copy_range(int from, int to, size_t count) {
    return copy_file_range(from, NULL, to, NULL, count, 0);
}
