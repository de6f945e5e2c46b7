/* The SAs of several network namespaces, moved side by side by as many threads: the kernel locks within one only. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "beside.h"

/* What a thread works on. */
struct side {
    pthread_t thread;
    const struct beside *beside;
    pthread_barrier_t *barrier;
    uint32_t number;
    const uint32_t *taking; /* how many take part in the round at hand: the ones below; 0 when it is over */
};

/* All have to meet all others each time, so one that fails can only end the program. */
static _Noreturn void fail(const char *what, int error)
{
    fprintf(stderr, "xfrm-twin: beside: %s: %s\n", what, strerror(error));
    exit(1);
}

static struct twin *open_or_fail(void)
{
    struct twin *twin = twin_open();

    if (!twin)
        fail("no socket", errno);
    return twin;
}

static void all_or_fail(const char *what, struct twin *twin, long done, uint32_t count)
{
    if (done != (long)count)
        fail(what, done < 0 ? (int)-done : twin_refusal(twin));
}

static void *work(void *argument)
{
    const struct side *side = argument;
    struct twin_run run = side->beside->run;
    struct twin *twin;
    struct twin *dumping;

    if (unshare(CLONE_NEWNET))
        fail("no network namespace", errno);
    twin = open_or_fail();
    dumping = open_or_fail();
    all_or_fail("SAs added", twin, twin_add_sas(twin, &run), run.count);
    for (pthread_barrier_wait(side->barrier); *side->taking; pthread_barrier_wait(side->barrier)) {
        if (side->number < *side->taking) {
            uint32_t from = run.from;

            all_or_fail("SAs moved", twin, twin_migrate_dumped(twin, dumping, &run), run.count);
            run.from = run.to;
            run.to = from;
        }
        pthread_barrier_wait(side->barrier);
    }
    twin_close(dumping);
    twin_close(twin);
    return NULL;
}

static double nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void one_round(const struct beside *beside, pthread_barrier_t *barrier, uint32_t round, uint32_t namespaces)
{
    double start;

    pthread_barrier_wait(barrier);
    start = nanoseconds();
    pthread_barrier_wait(barrier);
    printf("{\"round\": %u, \"namespaces\": %u, \"nanoseconds\": %.0f, \"moved\": %llu, \"batch\": %u}\n", round,
           namespaces, nanoseconds() - start, (unsigned long long)namespaces * beside->run.count, beside->run.batch);
}

void move_beside(const struct beside *beside)
{
    struct side *sides = calloc(beside->namespaces, sizeof(*sides));
    pthread_barrier_t barrier;
    uint32_t taking = 0;

    if (!sides)
        fail("no memory", ENOMEM);
    pthread_barrier_init(&barrier, NULL, beside->namespaces + 1);
    for (uint32_t i = 0; i < beside->namespaces; i++) {
        int error;

        sides[i] = (struct side){.beside = beside, .barrier = &barrier, .number = i, .taking = &taking};
        error = pthread_create(&sides[i].thread, NULL, work, &sides[i]);
        if (error)
            fail("no thread", error);
    }
    for (uint32_t round = 0; round < beside->rounds; round++) {
        for (taking = 1; taking <= beside->namespaces; taking++)
            one_round(beside, &barrier, round, taking);
    }
    taking = 0;
    pthread_barrier_wait(&barrier);
    for (uint32_t i = 0; i < beside->namespaces; i++)
        pthread_join(sides[i].thread, NULL);
    pthread_barrier_destroy(&barrier);
    free(sides);
}
