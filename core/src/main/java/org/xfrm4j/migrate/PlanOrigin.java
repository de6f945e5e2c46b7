package org.xfrm4j.migrate;

/**
 * How a plan came about, so that one can be made again the same way.
 *
 * @param rule which SAs move, and where to
 * @param options how
 * @param spent how long it took
 */
record PlanOrigin(MoveRule rule, PlanOptions options, MigrationReport.Spent spent) {
}
