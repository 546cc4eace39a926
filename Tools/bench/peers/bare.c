// The limit: hiredis and nothing else. No decoding, no handler, no ownership, no output.
// usage: bare publish|drain|both|latency --redis redis://HOST:PORT --count N [--depth N] [--rate N]
#include <hiredis/hiredis.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { payloadSize = 256, maxDepth = 1000 };

static char host[256] = "127.0.0.1";
static int port;
static int count = 50000, depth = 100, rate = 500;
static double *milliseconds; // of each event, in latency

static void die(const char *what) {
    fprintf(stderr, "bare: %s\n", what);
    exit(1);
}

static uint64_t nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static double cpuSeconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static redisContext *redisOpen(void) {
    redisContext *redis = redisConnect(host, port);
    if (!redis || redis->err) die("cannot connect");
    return redis;
}

static redisReply *answer(redisContext *redis) {
    redisReply *reply;
    if (redisGetReply(redis, (void **)&reply) != REDIS_OK) die(redis->errstr);
    if (reply->type == REDIS_REPLY_ERROR) die(reply->str);
    return reply;
}

static void appendEvent(redisContext *redis) {
    char payload[payloadSize + 1];
    memset(payload, 'x', payloadSize);
    int length = snprintf(payload, sizeof payload, "%020llu", (unsigned long long)nanoseconds());
    payload[length] = 'x';
    redisAppendCommand(redis, "XADD bare * event %b", payload, (size_t)payloadSize);
}

// As many XADDs in one go as the depth says, then their answers.
static void *publish(void *nothing) {
    redisContext *redis = redisOpen();
    for (int sent = 0; sent < count; sent += depth) {
        int batch = count - sent < depth ? count - sent : depth;
        for (int i = 0; i < batch; i++) appendEvent(redis);
        for (int i = 0; i < batch; i++) freeReplyObject(answer(redis));
    }
    redisFree(redis);
    return nothing;
}

static void *publishAtRate(void *nothing) {
    redisContext *redis = redisOpen();
    uint64_t start = nanoseconds();
    for (int i = 0; i < count; i++) {
        uint64_t due = start + (uint64_t)i * 1000000000 / (uint64_t)rate;
        struct timespec time = {.tv_sec = (time_t)(due / 1000000000), .tv_nsec = (long)(due % 1000000000)};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
        appendEvent(redis);
        freeReplyObject(answer(redis));
    }
    redisFree(redis);
    return nothing;
}

// Acknowledges the entries of one XREADGROUP by one XACK.
static void appendAck(redisContext *redis, redisReply *entries) {
    const char *arguments[maxDepth + 3] = {"XACK", "bare", "bare"};
    size_t lengths[maxDepth + 3] = {4, 4, 4};
    for (size_t i = 0; i < entries->elements; i++) {
        redisReply *id = entries->element[i]->element[0];
        arguments[i + 3] = id->str;
        lengths[i + 3] = id->len;
    }
    redisAppendCommandArgv(redis, (int)entries->elements + 3, arguments, lengths);
}

static void takeTimes(redisReply *entries, int received) {
    uint64_t now = nanoseconds();
    for (size_t i = 0; i < entries->elements; i++) {
        const char *payload = entries->element[i]->element[1]->element[1]->str;
        milliseconds[received + (int)i] = (double)(now - strtoull(payload, NULL, 10)) / 1e6;
    }
}

// Reads at most as many as the depth says; their acknowledgement travels with the next read.
static void drain(redisContext *redis) {
    bool isAcknowledging = false;
    for (int received = 0; received < count || isAcknowledging;) {
        if (received < count) redisAppendCommand(redis, "XREADGROUP GROUP bare me COUNT %d BLOCK 1000 STREAMS bare >", depth);
        if (isAcknowledging) freeReplyObject(answer(redis));
        isAcknowledging = false;
        if (received == count) break;
        redisReply *streams = answer(redis);
        if (streams->type == REDIS_REPLY_ARRAY) {
            redisReply *entries = streams->element[0]->element[1];
            if (milliseconds) takeTimes(entries, received);
            received += (int)entries->elements;
            appendAck(redis, entries);
            isAcknowledging = true;
        }
        freeReplyObject(streams);
    }
}

static int ascending(const void *a, const void *b) {
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

static void reportLatency(void) {
    int skipped = count / 10; // as for the others: the first ones pay for connections
    double *times = milliseconds + skipped;
    int kept = count - skipped;
    qsort(times, (size_t)kept, sizeof *times, ascending);
    printf("{\"p50\":%.3f,\"p99\":%.3f}\n", times[kept / 2], times[kept * 99 / 100]);
}

static void measure(const char *mode, redisContext *redis) {
    bool isPublish = !strcmp(mode, "publish"), isLatency = !strcmp(mode, "latency");
    if (!strcmp(mode, "drain")) publish(NULL);
    if (isLatency) milliseconds = calloc((size_t)count, sizeof *milliseconds);
    uint64_t start = nanoseconds();
    double cpu = cpuSeconds();
    pthread_t publisher;
    bool hasPublisher = isLatency || !strcmp(mode, "both");
    if (hasPublisher && pthread_create(&publisher, NULL, isLatency ? publishAtRate : publish, NULL)) die("no thread");
    if (isPublish) publish(NULL); else drain(redis);
    if (hasPublisher) pthread_join(publisher, NULL);
    if (isLatency) return reportLatency();
    double seconds = (double)(nanoseconds() - start) / 1e9;
    printf("{\"eventsPerSecond\":%.3f,\"cpuMicrosecondsPerEvent\":%.3f}\n", count / seconds,
        (cpuSeconds() - cpu) / count * 1e6);
}

int main(int argc, char **argv) {
    if (argc < 2) die("no mode");
    for (int i = 2; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--redis")) sscanf(argv[i + 1], "redis://%255[^:]:%d", host, &port);
        if (!strcmp(argv[i], "--count")) count = atoi(argv[i + 1]);
        if (!strcmp(argv[i], "--depth")) depth = atoi(argv[i + 1]);
        if (!strcmp(argv[i], "--rate")) rate = atoi(argv[i + 1]);
    }
    if (!port || count < 1 || depth < 1 || depth > maxDepth || rate < 1) die("bad options");
    redisContext *redis = redisOpen();
    freeReplyObject(redisCommand(redis, "XGROUP CREATE bare bare 0 MKSTREAM"));
    measure(argv[1], redis);
    redisFree(redis);
    return 0;
}
