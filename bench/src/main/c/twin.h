/*
 * The C twin: what xfrm4j does, written in C as an expert would: static buffers, messages made from a template and
 * patched, many to a system call, results by index. What is measured here is what Java is compared with.
 *
 * Built as a shared object, whose functions Java calls once for each batch or run that it measures, and as a program
 * (main.c). A function that returns a count returns minus errno when the whole failed.
 *
 * Addresses are IPv4, in host order, and so is all else that is passed.
 */
#ifndef XFRM_TWIN_H
#define XFRM_TWIN_H

#include <stddef.h>
#include <stdint.h>

/* A socket and its buffers. One thread's. */
struct twin;

/* How messages go to the kernel. */
enum twin_strategy {
    TWIN_SINGLE,     /* one message, and its acknowledgement */
    TWIN_ALL_ACKED,  /* a batch, every message acknowledged */
    TWIN_LAST_ACKED, /* a batch, errors and the last acknowledgement only */
};

/* How SAs and policies are told apart; see sample() in messages.h. */
enum twin_layout {
    TWIN_SPREAD,  /* SPI, reqid and addresses as unlike as real ones: short hash chains */
    TWIN_IN_STEP, /* all counted up together: the kernel's hash, which xors them, makes long chains */
    TWIN_SHARED,  /* one address pair and one reqid for all, as for SAs of one peer's CPUs: one chain */
    TWIN_PER_CPU, /* as spread, but 64 SAs of each direction share a tunnel's address pair and reqid */
};

/* The run of SAs or policies that is worked on, the gateway's address, and where it moves to. */
struct twin_run {
    uint32_t first;
    uint32_t count;
    uint32_t layout;   /* enum twin_layout */
    uint32_t strategy; /* enum twin_strategy */
    uint32_t batch;    /* messages a system call, 1 to TWIN_MAX_BATCH; means nothing to TWIN_SINGLE */
    uint32_t from;
    uint32_t to;
};

#define TWIN_MAX_BATCH 1024

/* What an encoded message shall hold. */
enum twin_kind {
    TWIN_BARE,
    TWIN_ENCAP,
    TWIN_ALL_ATTRIBUTES,
    TWIN_PATCHED, /* bare, into a buffer that is full of messages already: only what differs is written */
};

/* socket.c: NULL with errno set when there is none to be had */
struct twin *twin_open(void);
void twin_close(struct twin *twin);
/* The errno of the last message that the kernel refused. */
int twin_refusal(const struct twin *twin);

/* floor.c: what a call costs that does (nearly) nothing */
void twin_nothing(void);
long twin_getppid(uint32_t times);
long twin_noops(struct twin *twin, uint32_t times);

/* encode.c: messages in memory, `batch` of them and then again at the same place; the bytes of the last batch */
size_t twin_encode(unsigned char *out, const struct twin_run *run, enum twin_kind kind);
/* The same of a dump's SAs that have the address `from` at one end: how many there were. */
long twin_encode_dumped(unsigned char *out, const unsigned char *dump, size_t bytes, const struct twin_run *run);

/* decode.c: datagrams in memory */
uint64_t twin_decode_dump(const unsigned char *dump, size_t bytes);
long twin_decode_acks(const unsigned char *acks, size_t bytes, uint32_t first_sequence, int *errors, uint32_t count);

/* sa.c */
long twin_add_sas(struct twin *twin, const struct twin_run *run);
long twin_flush_sas(struct twin *twin);
/* How many SAs there are, and how many of those have the gateway's address at one end. */
long twin_dump_sas(struct twin *twin, uint32_t gateway, uint32_t *with_gateway);

/* migrate.c: how many SAs moved */
long twin_migrate(struct twin *twin, const struct twin_run *run);
/* The same straight from a dump, of which `first` and `count` say nothing. `dumping` is a second socket. */
long twin_migrate_dumped(struct twin *twin, struct twin *dumping, const struct twin_run *run);

/*
 * gateway.c: the same with the policies of tunnels that have one SA in each direction. Of `batch` messages, three are
 * an SA's.
 */
long twin_migrate_gateway(struct twin *twin, struct twin *dumping, const struct twin_run *run);

/* strongswan.c: how many SAs moved by GETSA, GETAE, DELSA and NEWSA, a round trip each */
long twin_migrate_as_strongswan(struct twin *twin, const struct twin_run *run);

/* policy.c */
long twin_update_policies(struct twin *twin, const struct twin_run *run);
long twin_flush_policies(struct twin *twin);
long twin_dump_policies(struct twin *twin);
/* Look-ups of SAs that are not there: how many were answered with ESRCH. */
long twin_look_up_absent(struct twin *twin, const struct twin_run *run);

#endif
