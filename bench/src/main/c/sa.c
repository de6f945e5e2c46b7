/* SAs: AES-GCM with 256 bits, tunnel mode, extended sequence numbers; even ones incoming, odd ones outgoing. */
#include "socket.h"
#include "sa.h"

static void sa_template(struct sa_message *m, uint32_t port)
{
    memset(m, 0, sizeof(*m));
    header(&m->header, sizeof(*m), XFRM_MSG_NEWSA, 0, port);
    m->sa.id.proto = IPPROTO_ESP;
    m->sa.family = AF_INET;
    m->sa.sel.family = AF_INET;
    m->sa.mode = XFRM_MODE_TUNNEL;
    m->sa.flags = XFRM_STATE_ESN;
    m->sa.lft.soft_byte_limit = XFRM_INF;
    m->sa.lft.hard_byte_limit = XFRM_INF;
    m->sa.lft.soft_packet_limit = XFRM_INF;
    m->sa.lft.hard_packet_limit = XFRM_INF;
    attribute(&m->aead_header, XFRMA_ALG_AEAD, sizeof(m->aead) + sizeof(m->key));
    strcpy(m->aead.alg_name, "rfc4106(gcm(aes))");
    m->aead.alg_key_len = 8 * sizeof(m->key);
    m->aead.alg_icv_len = 128;
    attribute(&m->dir_header, ATTR_SA_DIR, 1);
    attribute(&m->replay_header, XFRMA_REPLAY_ESN_VAL, sizeof(m->replay) + sizeof(m->bitmap));
}

static void sa_patch(struct sa_message *m, uint32_t sequence, uint32_t index, const struct twin_run *run)
{
    struct sample s = sample(index, run->layout);

    m->header.nlmsg_seq = sequence;
    m->sa.id.daddr.a4 = htonl(s.incoming ? run->from : s.peer);
    m->sa.saddr.a4 = htonl(s.incoming ? s.peer : run->from);
    m->sa.id.spi = htonl(s.spi);
    m->sa.reqid = s.reqid;
    m->sa.sel.daddr.a4 = s.incoming ? 0 : htonl(s.inner);
    m->sa.sel.saddr.a4 = s.incoming ? htonl(s.inner) : 0;
    m->sa.sel.prefixlen_d = s.incoming ? 0 : 32;
    m->sa.sel.prefixlen_s = s.incoming ? 32 : 0;
    m->dir[0] = s.incoming ? SA_DIR_IN : SA_DIR_OUT;
    memset(m->key, (int)(index & 0xff), sizeof(m->key));
    memcpy(m->key, &index, sizeof(index));
    m->replay.seq = s.incoming ? index : 0;
    m->replay.oseq = s.incoming ? 0 : index;
    /* The kernel wants no window of an outgoing SA. */
    m->replay.bmp_len = s.incoming ? sizeof(m->bitmap) / sizeof(m->bitmap[0]) : 0;
    m->replay.replay_window = s.incoming ? 8 * sizeof(m->bitmap) : 0;
    m->replay_header.nla_len = NLA_HDRLEN + sizeof(m->replay) + (s.incoming ? sizeof(m->bitmap) : 0);
    m->header.nlmsg_len = sizeof(*m) - (s.incoming ? 0 : sizeof(m->bitmap));
}

INLINE size_t encode_sa(unsigned char *at, uint32_t sequence, uint16_t flags, uint32_t index,
                        const struct twin_run *run, const void *template)
{
    struct sa_message *m = (struct sa_message *)at;

    copy(m, template, sizeof(*m));
    sa_patch(m, sequence, index, run);
    m->header.nlmsg_flags |= flags;
    return m->header.nlmsg_len;
}

long twin_add_sas(struct twin *twin, const struct twin_run *run)
{
    struct sa_message template;

    sa_template(&template, twin->port);
    return run_messages(twin, run, encode_sa, &template, 0);
}

long twin_flush_sas(struct twin *twin)
{
    struct {
        struct nlmsghdr header;
        struct xfrm_usersa_flush flush;
    } *m = (void *)twin->out;
    int error;

    memset(m, 0, sizeof(*m));
    header(&m->header, NLMSG_LENGTH(sizeof(m->flush)), XFRM_MSG_FLUSHSA, 0, twin->port);
    error = twin_ask(twin, &m->header);
    return error == -ESRCH ? 0 : error; /* there was none */
}

int twin_begin_sa_dump(struct twin *twin)
{
    struct nlmsghdr *request = (struct nlmsghdr *)twin->out;

    header(request, sizeof(*request), XFRM_MSG_GETSA, 0, twin->port);
    return twin_begin_dump(twin, request);
}

long twin_dump_sas(struct twin *twin, uint32_t gateway, uint32_t *with_gateway)
{
    int error = twin_begin_sa_dump(twin);
    long all = 0;
    long bytes;

    *with_gateway = 0;
    if (error)
        return error;
    while ((bytes = twin_next_dumped(twin)) > 0) {
        const struct nlmsghdr *entry = (const struct nlmsghdr *)twin->dump;
        int left = (int)bytes;

        for (; NLMSG_OK(entry, (unsigned)left); entry = NLMSG_NEXT(entry, left)) {
            if (entry->nlmsg_type == NLMSG_DONE)
                return all;
            all++;
            *with_gateway += has_gateway(NLMSG_DATA(entry), gateway);
        }
    }
    return bytes < 0 ? bytes : all;
}
