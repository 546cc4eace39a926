#pragma once
#include <libexif/exif-data.h>
#include <libexif/exif-mem.h>
#include <stdlib.h>

/* What libexif may still allocate on this thread. A block of one megabyte can name its own bytes as the value of thousands
   of entries, each of which libexif copies. */
static inline size_t *mr_exif_allowance(void) {
    static __thread size_t allowance;
    return &allowance;
}

static inline int mr_exif_spend(size_t size) {
    if (size > *mr_exif_allowance()) return 0;
    *mr_exif_allowance() -= size;
    return 1;
}

static inline void *mr_exif_alloc(ExifLong size) { return mr_exif_spend(size) ? calloc(1, size) : NULL; }

static inline void *mr_exif_realloc(void *block, ExifLong size) {
    return mr_exif_spend(size) ? realloc(block, size) : NULL;
}

/* Parses a block that begins with "Exif\0\0"; every tag is kept, and nothing is corrected or logged. NULL when the allowance is
   too small to begin. The caller owns the result. */
static inline ExifData *mr_exif_load(const unsigned char *bytes, unsigned int size, size_t allowance) {
    *mr_exif_allowance() = allowance;
    ExifMem *memory = exif_mem_new(mr_exif_alloc, mr_exif_realloc, free);
    if (!memory) return NULL;
    ExifData *data = exif_data_new_mem(memory);
    exif_mem_unref(memory);
    if (!data) return NULL;
    exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
    exif_data_unset_option(data, EXIF_DATA_OPTION_IGNORE_UNKNOWN_TAGS);
    exif_data_load_data(data, bytes, size);
    return data;
}
