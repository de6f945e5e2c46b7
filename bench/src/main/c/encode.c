/* XFRM_MSG_MIGRATE_STATE into memory: nothing is sent. */
#include "messages.h"

#define PORT 4711
#define ENCAP_PORT 4500

/* Each attribute that the kernel takes in this message, in the order in which MigrateStateEncoder was told of them. */
struct attributes {
    struct nlattr mark_header;
    struct xfrm_mark mark;
    struct nlattr encap_header;
    struct xfrm_encap_tmpl encap;
    struct nlattr offload_header;
    struct xfrm_user_offload offload;
    struct nlattr set_mark_header;
    __u32 set_mark;
    struct nlattr set_mask_header;
    __u32 set_mask;
    struct nlattr keepalive_header;
    __u32 keepalive;
    struct nlattr threshold_header;
    __u32 threshold;
} __attribute__((packed, aligned(4)));

struct full_message {
    struct migrate_message message;
    struct attributes attributes;
};

struct encap_message {
    struct migrate_message message;
    struct nlattr encap_header;
    struct xfrm_encap_tmpl encap;
};

static void encap_template(struct encap_message *m)
{
    memset(m, 0, sizeof(*m));
    migrate_template(&m->message, 0, PORT);
    m->message.header.nlmsg_len = sizeof(*m);
    attribute(&m->encap_header, XFRMA_ENCAP, sizeof(m->encap));
    m->encap.encap_type = 2; /* UDP_ENCAP_ESPINUDP */
    m->encap.encap_sport = htons(ENCAP_PORT);
}

static void full_template(struct full_message *m)
{
    struct attributes *a = &m->attributes;

    memset(m, 0, sizeof(*m));
    migrate_template(&m->message, 0, PORT);
    m->message.header.nlmsg_len = sizeof(*m);
    attribute(&a->mark_header, XFRMA_MARK, sizeof(a->mark));
    a->mark.m = ~0u;
    attribute(&a->encap_header, XFRMA_ENCAP, sizeof(a->encap));
    a->encap.encap_type = 2;
    a->encap.encap_sport = htons(ENCAP_PORT);
    attribute(&a->offload_header, XFRMA_OFFLOAD_DEV, sizeof(a->offload));
    a->offload.ifindex = 2;
    a->offload.flags = XFRM_OFFLOAD_INBOUND;
    attribute(&a->set_mark_header, XFRMA_SET_MARK, sizeof(a->set_mark));
    attribute(&a->set_mask_header, XFRMA_SET_MARK_MASK, sizeof(a->set_mask));
    a->set_mask = 0xffff;
    attribute(&a->keepalive_header, ATTR_NAT_KEEPALIVE_INTERVAL, sizeof(a->keepalive));
    a->keepalive = 20;
    attribute(&a->threshold_header, XFRMA_MTIMER_THRESH, sizeof(a->threshold));
    a->threshold = 30;
}

/* The optimiser must not see that a message is overwritten by the next run and leave it out. */
#define KEEP(memory) __asm__ volatile("" : : "r"(memory) : "memory")

static size_t encode_bare(unsigned char *out, const struct twin_run *run)
{
    struct migrate_message template;
    unsigned char *at = out;

    migrate_template(&template, 0, PORT);
    for (uint32_t i = 0; i < run->count; i++) {
        struct migrate_message *m = (struct migrate_message *)at;

        copy(m, &template, sizeof(*m));
        migrate_patch(m, 1 + i, sample(run->first + i, run->layout), run->from, run->to);
        at += sizeof(*m);
        KEEP(m);
    }
    return at - out;
}

static size_t encode_patched(unsigned char *out, const struct twin_run *run)
{
    struct migrate_message *m = (struct migrate_message *)out;

    for (uint32_t i = 0; i < run->count; i++, m++) {
        migrate_patch(m, 1 + i, sample(run->first + i, run->layout), run->from, run->to);
        KEEP(m);
    }
    return (unsigned char *)m - out;
}

static size_t encode_encap(unsigned char *out, const struct twin_run *run)
{
    struct encap_message template;
    unsigned char *at = out;

    encap_template(&template);
    for (uint32_t i = 0; i < run->count; i++) {
        struct encap_message *m = (struct encap_message *)at;

        copy(m, &template, sizeof(*m));
        migrate_patch(&m->message, 1 + i, sample(run->first + i, run->layout), run->from, run->to);
        m->encap.encap_dport = htons(1024 + (i & 0x7fff));
        at += sizeof(*m);
        KEEP(m);
    }
    return at - out;
}

static size_t encode_full(unsigned char *out, const struct twin_run *run)
{
    struct full_message template;
    unsigned char *at = out;

    full_template(&template);
    for (uint32_t i = 0; i < run->count; i++) {
        struct full_message *m = (struct full_message *)at;

        copy(m, &template, sizeof(*m));
        migrate_patch(&m->message, 1 + i, sample(run->first + i, run->layout), run->from, run->to);
        m->message.move.old_mark.v = i;
        m->message.move.old_mark.m = ~0u;
        m->attributes.mark.v = i;
        m->attributes.encap.encap_dport = htons(1024 + (i & 0x7fff));
        m->attributes.set_mark = i & 0xffff;
        at += sizeof(*m);
        KEEP(m);
    }
    return at - out;
}

static size_t encode(unsigned char *out, const struct twin_run *run, enum twin_kind kind)
{
    switch (kind) {
    case TWIN_BARE:
        return encode_bare(out, run);
    case TWIN_ENCAP:
        return encode_encap(out, run);
    case TWIN_ALL_ATTRIBUTES:
        return encode_full(out, run);
    case TWIN_PATCHED:
        return encode_patched(out, run);
    }
    return 0;
}

/* One batch after the other, at the same place. */
size_t twin_encode(unsigned char *out, const struct twin_run *run, enum twin_kind kind)
{
    struct twin_run batch = *run;
    size_t bytes = 0;

    for (uint32_t done = 0; done < run->count; done += batch.count) {
        batch.first = run->first + done;
        batch.count = run->count - done < run->batch ? run->count - done : run->batch;
        bytes = encode(out, &batch, kind);
    }
    return bytes;
}

/* The SA's mark goes with it, so its attributes are walked. */
long twin_encode_dumped(unsigned char *out, const unsigned char *dump, size_t bytes, const struct twin_run *run)
{
    const struct nlmsghdr *entry = (const struct nlmsghdr *)dump;
    struct migrate_message template;
    unsigned char *at = out;
    uint32_t pending = 0;
    long all = 0;
    int left = (int)bytes;

    migrate_template(&template, 0, PORT);
    for (; NLMSG_OK(entry, (unsigned)left); entry = NLMSG_NEXT(entry, left)) {
        struct migrate_message *m = (struct migrate_message *)at;

        if (!has_gateway(NLMSG_DATA(entry), run->from))
            continue;
        if (pending == run->batch) {
            pending = 0;
            m = (struct migrate_message *)out;
        }
        at = (unsigned char *)m + migrate_dumped(m, &template, ++pending, entry, run->from, run->to);
        all++;
        KEEP(m);
    }
    return all;
}
