/*
 * xfrm-twin COMMAND [OPTION...]: the C twin as a program, for measurements from end to end. Prints one line of JSON.
 *
 *   add          adds SAs, which belong to the gateway's address --from
 *   migrate      moves them to --to by XFRM_MSG_MIGRATE_STATE, each message made from the SA's number
 *   stream       the same straight from a dump
 *   gateway      as stream, with the policies out, in and fwd of each tunnel; outgoing ones block meanwhile
 *   strongswan   migrates as strongSwan does it: GETSA, GETAE, DELSA, NEWSA
 *   policies     adds or updates policies
 *   count        counts the SAs, and those of the gateway's address --from
 *   flush        deletes all SAs and policies
 *   beside       as stream, in new network namespaces, a thread for each, which adds the SAs: by turns in one, in two
 *                side by side and so on up to --namespaces N (default 2), --rounds N times (default 2) each; a line a
 *                round
 *
 *   --sas N            how many SAs or policies (default 1000); --first N: the number of the first (default 0)
 *   --strategy S       single, all-acked, last-acked (default)
 *   --batch N          messages a system call (default 128)
 *   --layout L         spread (default), in-step, shared, per-cpu
 *   --from A, --to A   addresses of the gateway (default 192.0.2.1 and 203.0.113.1)
 *
 * Exit status: 0 if all was done, 1 if the kernel refused something, 2 for wrong usage.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "beside.h"

static const char *const strategies[] = {"single", "all-acked", "last-acked", NULL};
static const char *const layouts[] = {"spread", "in-step", "shared", "per-cpu", NULL};

static _Noreturn void wrong(const char *what, const char *value)
{
    fprintf(stderr, "xfrm-twin: %s%s%s\n", what, value ? " " : "", value ? value : "");
    exit(2);
}

static uint32_t number(const char *option, const char *text)
{
    char *end;
    unsigned long value;

    errno = 0;
    value = strtoul(text, &end, 10);
    if (errno || *end || end == text || *text == '-' || value > UINT32_MAX)
        wrong(option, text);
    return (uint32_t)value;
}

static uint32_t choice(const char *option, const char *text, const char *const *names)
{
    for (uint32_t i = 0; names[i]; i++) {
        if (strcmp(names[i], text) == 0)
            return i;
    }
    wrong(option, text);
}

static uint32_t address(const char *option, const char *text)
{
    struct in_addr parsed;

    if (inet_pton(AF_INET, text, &parsed) != 1)
        wrong(option, text);
    return ntohl(parsed.s_addr);
}

static void parse(struct beside *beside, int count, char **arguments)
{
    struct twin_run *run = &beside->run;

    for (int i = 0; i < count; i += 2) {
        const char *option = arguments[i];
        const char *value = i + 1 < count ? arguments[i + 1] : NULL;

        if (!value)
            wrong("no value for", option);
        if (strcmp(option, "--sas") == 0)
            run->count = number(option, value);
        else if (strcmp(option, "--first") == 0)
            run->first = number(option, value);
        else if (strcmp(option, "--batch") == 0)
            run->batch = number(option, value);
        else if (strcmp(option, "--strategy") == 0)
            run->strategy = choice(option, value, strategies);
        else if (strcmp(option, "--layout") == 0)
            run->layout = choice(option, value, layouts);
        else if (strcmp(option, "--from") == 0)
            run->from = address(option, value);
        else if (strcmp(option, "--to") == 0)
            run->to = address(option, value);
        else if (strcmp(option, "--namespaces") == 0)
            beside->namespaces = number(option, value);
        else if (strcmp(option, "--rounds") == 0)
            beside->rounds = number(option, value);
        else
            wrong("unknown option", option);
    }
    if (run->batch < 1 || run->batch > TWIN_MAX_BATCH)
        wrong("--batch: not from 1 to 1024", NULL);
    if (beside->namespaces < 1 || beside->namespaces > 64)
        wrong("--namespaces: not from 1 to 64", NULL);
}

static struct twin *open_or_exit(void)
{
    struct twin *twin = twin_open();

    if (!twin) {
        fprintf(stderr, "xfrm-twin: no socket: %s\n", strerror(errno));
        exit(1);
    }
    return twin;
}

static long stream(struct twin *twin, const struct twin_run *run)
{
    struct twin *dumping = open_or_exit();
    long moved = twin_migrate_dumped(twin, dumping, run);

    twin_close(dumping);
    return moved;
}

static long gateway(struct twin *twin, const struct twin_run *run)
{
    struct twin *dumping = open_or_exit();
    long moved = twin_migrate_gateway(twin, dumping, run);

    twin_close(dumping);
    return moved;
}

static long count_sas(struct twin *twin, const struct twin_run *run)
{
    uint32_t with_gateway;
    long all = twin_dump_sas(twin, run->from, &with_gateway);

    if (all >= 0)
        fprintf(stdout, "{\"sas\": %ld, \"of_gateway\": %u}\n", all, with_gateway);
    return all;
}

static long flush(struct twin *twin, const struct twin_run *run)
{
    long error = twin_flush_sas(twin);

    (void)run;
    return error ? error : twin_flush_policies(twin);
}

static const struct command {
    const char *name;
    long (*run)(struct twin *twin, const struct twin_run *run);
    int is_counted; /* whether `sas` things are to be done */
} commands[] = {
    {"add", twin_add_sas, 1},
    {"migrate", twin_migrate, 1},
    {"stream", stream, 1},
    {"gateway", gateway, 1},
    {"strongswan", twin_migrate_as_strongswan, 1},
    {"policies", twin_update_policies, 1},
    {"count", count_sas, 0},
    {"flush", flush, 0},
};

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    wrong("unknown command", name);
}

static double nanoseconds(const struct timespec *from, const struct timespec *to)
{
    return (double)(to->tv_sec - from->tv_sec) * 1e9 + (double)(to->tv_nsec - from->tv_nsec);
}

int main(int argc, char **argv)
{
    struct beside beside = {
        .run = {.count = 1000, .strategy = TWIN_LAST_ACKED, .batch = 128, .from = 0xc0000201, .to = 0xcb007101},
        .namespaces = 2,
        .rounds = 2};
    const struct twin_run *run = &beside.run;
    const struct command *command;
    struct timespec start;
    struct timespec end;
    struct twin *twin;
    long done;
    int refusal;

    if (argc < 2)
        wrong("usage: xfrm-twin COMMAND [OPTION VALUE]...; see main.c", NULL);
    if (strcmp(argv[1], "beside") == 0) {
        parse(&beside, argc - 2, argv + 2);
        move_beside(&beside);
        return 0;
    }
    command = find(argv[1]);
    parse(&beside, argc - 2, argv + 2);
    twin = open_or_exit();
    clock_gettime(CLOCK_MONOTONIC, &start);
    done = command->run(twin, run);
    clock_gettime(CLOCK_MONOTONIC, &end);
    refusal = twin_refusal(twin);
    twin_close(twin);
    if (done < 0) {
        fprintf(stderr, "xfrm-twin: %s: %s\n", command->name, strerror((int)-done));
        return 1;
    }
    if (!command->is_counted)
        return 0;
    printf("{\"command\": \"%s\", \"strategy\": \"%s\", \"batch\": %u, \"layout\": \"%s\", \"sas\": %u, \"done\": %ld, "
           "\"nanoseconds\": %.0f}\n",
           command->name, strategies[run->strategy], run->strategy == TWIN_SINGLE ? 1 : run->batch,
           layouts[run->layout], run->count, done, nanoseconds(&start, &end));
    if (done != (long)run->count) {
        fprintf(stderr, "xfrm-twin: %ld of %u done; the last refusal: %s\n", done, run->count, strerror(refusal));
        return 1;
    }
    return 0;
}
