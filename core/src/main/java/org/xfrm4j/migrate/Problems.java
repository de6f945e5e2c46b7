package org.xfrm4j.migrate;

import java.util.ArrayList;
import java.util.List;

/** Why a plan cannot run; not more than somebody would read. */
final class Problems {
    private static final int MOST = 1000;

    private final List<PlanProblem> list = new ArrayList<>();

    void add(Object subject, String reason) {
        if (list.size() < MOST) {
            list.add(new PlanProblem(subject.toString(), reason));
        }
    }

    List<PlanProblem> list() {
        return List.copyOf(list);
    }
}
