/**
 * Moves SAs to new addresses, reqid, encapsulation, selector or mark by XFRM_MSG_MIGRATE_STATE (Linux 7.2), in batches,
 * with an exact {@link org.xfrm4j.migrate.Outcome} for each; and with {@link org.xfrm4j.migrate.Migration} the policies
 * that use them.
 *
 * <p>{@link org.xfrm4j.migrate.Migrator#move} takes a list of {@link org.xfrm4j.migrate.Move}s; {@link
 * org.xfrm4j.migrate.Migrator#stream} goes from a dump straight into batches, without an object per SA:
 *
 * <pre>
 *   dump ──▶ MoveRule ──▶ MigrateStateEncoder, in the batch ──▶ rules ──▶ kernel ──▶ Outcome ──▶ MoveListener
 *                                                                 │                    ▲
 *                                                                 └── refused ─────────┘
 * </pre>
 *
 * <p>Every move has one of four outcomes. Where the kernel's answer leaves open what happened (it was lost, or says
 * that the move failed half way), the SAs are looked at, not guessed about.
 *
 * <p>Order matters to who moves live traffic: incoming SAs first; outgoing ones while their policies are blocked, so
 * that nothing leaves in cleartext. {@link org.xfrm4j.migrate.MigrationPlan} finds what belongs together, {@link
 * org.xfrm4j.migrate.Migration} does it group after group, {@link org.xfrm4j.migrate.Recovery} what a crash left
 * undone.
 * {@link org.xfrm4j.migrate.NamespaceMigrations} runs migrations of several network namespaces side by side; {@link
 * org.xfrm4j.migrate.LegacyMigration} does what it can on older kernels, on demand.
 */
package org.xfrm4j.migrate;
