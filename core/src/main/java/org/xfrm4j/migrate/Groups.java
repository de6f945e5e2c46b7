package org.xfrm4j.migrate;

/**
 * What belongs together, in the order in which it is to be done: incoming groups first. A group is a set of policies
 * and all SAs that they use; an SA that no policy uses is a group of its own, and so, at the end, is a policy that uses
 * none.
 *
 * @param count how many groups
 * @param outgoing by group: whether packets leave by it, so that its policies have to block meanwhile
 * @param moveStarts by group: where its moves begin in {@code moves}; one entry more than groups
 * @param moves the numbers of moves, in their order; in place of a move that goes by way of a parking place, those
 *     of its two legs
 * @param policyStarts by group: where its policies begin in {@code policies}; one entry more than groups
 * @param policies the numbers of policies
 */
record Groups(int count, boolean[] outgoing, int[] moveStarts, int[] moves, int[] policyStarts, int[] policies) {

    int moveCount(int group) {
        return moveStarts[group + 1] - moveStarts[group];
    }

    int move(int group, int index) {
        return moves[moveStarts[group] + index];
    }

    int policyCount(int group) {
        return policyStarts[group + 1] - policyStarts[group];
    }

    int policy(int group, int index) {
        return policies[policyStarts[group] + index];
    }
}
