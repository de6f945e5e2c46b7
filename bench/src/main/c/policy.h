/* XFRM_MSG_UPDPOLICY as this program sends it. */
#ifndef XFRM_TWIN_POLICY_H
#define XFRM_TWIN_POLICY_H

#include "messages.h"

#define OUR_HOST 0xac100001u /* 172.16.0.1 */
#define PRIORITY 1000

struct policy_message {
    struct nlmsghdr header;
    struct xfrm_userpolicy_info policy;
    struct nlattr template_header;
    struct xfrm_user_tmpl template;
};

INLINE void policy_template(struct policy_message *m, uint32_t port)
{
    memset(m, 0, sizeof(*m));
    header(&m->header, sizeof(*m), XFRM_MSG_UPDPOLICY, 0, port);
    m->policy.sel.family = AF_INET;
    m->policy.sel.saddr.a4 = htonl(OUR_HOST);
    m->policy.sel.prefixlen_s = 32;
    m->policy.sel.prefixlen_d = 32;
    m->policy.lft.soft_byte_limit = XFRM_INF;
    m->policy.lft.hard_byte_limit = XFRM_INF;
    m->policy.lft.soft_packet_limit = XFRM_INF;
    m->policy.lft.hard_packet_limit = XFRM_INF;
    m->policy.priority = PRIORITY;
    m->policy.dir = XFRM_POLICY_OUT;
    m->policy.action = XFRM_POLICY_ALLOW;
    m->policy.share = XFRM_SHARE_ANY;
    attribute(&m->template_header, XFRMA_TMPL, sizeof(m->template));
    m->template.id.proto = IPPROTO_ESP;
    m->template.family = AF_INET;
    m->template.mode = XFRM_MODE_TUNNEL;
    m->template.aalgos = ~0u;
    m->template.ealgos = ~0u;
    m->template.calgos = ~0u;
}

#endif
