/* XFRM_MSG_NEWSA as this program sends it. */
#ifndef XFRM_TWIN_SA_H
#define XFRM_TWIN_SA_H

#include "messages.h"

struct sa_message {
    struct nlmsghdr header;
    struct xfrm_usersa_info sa;
    struct nlattr aead_header;
    struct xfrm_algo_aead aead;
    unsigned char key[36]; /* AES with 256 bits, and the salt */
    struct nlattr dir_header;
    unsigned char dir[4];
    struct nlattr replay_header; /* last: an outgoing SA has no bitmap */
    struct xfrm_replay_state_esn replay;
    __u32 bitmap[4];
};

int twin_begin_sa_dump(struct twin *twin);

#endif
