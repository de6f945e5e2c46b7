/* A part of the program alone: the library's caller has threads of its own. */
#ifndef XFRM_TWIN_BESIDE_H
#define XFRM_TWIN_BESIDE_H

#include "twin.h"

struct beside {
    struct twin_run run; /* of each namespace */
    uint32_t namespaces;
    uint32_t rounds; /* of each number of namespaces */
};

/*
 * Moves the SAs of so many new network namespaces straight from their dumps: in each round those of one, then of two at
 * the same time, and so on. Prints for each how long it took until the last of them was done. Ends the program where
 * something fails.
 */
void move_beside(const struct beside *beside);

#endif
