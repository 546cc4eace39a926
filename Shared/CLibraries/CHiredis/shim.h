#pragma once
#include <hiredis/hiredis.h>
#include <hiredis/sds.h>

/* What waits to be sent: the length and the address of the bytes, which the context owns. */
static inline size_t mr_redis_output_length(const redisContext *context) { return sdslen(context->obuf); }
static inline const char *mr_redis_output(const redisContext *context) { return context->obuf; }

/* What waited has been sent. Zero when memory is short. */
static inline int mr_redis_output_sent(redisContext *context) {
    sds empty = sdsempty();
    if (!empty) return 0;
    sdsfree(context->obuf);
    context->obuf = empty;
    return 1;
}
