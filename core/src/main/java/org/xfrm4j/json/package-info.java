/**
 * The library's values as JSON, in a form that stays: {@link org.xfrm4j.json.JsonWriter} writes SAs, policies, events,
 * plans and reports, and the schema {@link org.xfrm4j.json.JsonWriter#SCHEMA} (JSON Schema, draft 2020-12) says what
 * each looks like. Until version 1.0 names may still change; from then on new ones may come, and none goes or means
 * something else.
 *
 * <ul>
 * <li>Names are in snake_case, as the kernel's are ({@code if_id}, {@code reqid}), and those of {@code ip -json}. They
 *     are those of the Java values; a number that has a unit has it in its name: {@code time_nanoseconds}, {@code
 *     soft_add_seconds}, {@code last_used_unix_seconds} for a time since 1970.
 * <li>Names of protocols, modes, flags, directions and algorithms are those of {@code ip xfrm}.
 * <li>Counts, reqids, ports and ids are numbers. 64 bits are told exactly, which is more than some readers take: 2^53
 *     and above are for bytes and packets alone.
 * <li>SPIs, marks and bit sets are hexadecimal strings ({@code "0xc0ffee01"}), addresses and prefixes are text.
 * <li>What an SA or a policy does not have is left out: no {@code null}, no empty mark. Counts of a report are always
 *     there, those of 0 too.
 * <li>Keys are not written, unless {@link org.xfrm4j.json.JsonWriter#withKeys} asks for them.
 * </ul>
 *
 * <p>Needs {@code tools.jackson.core:jackson-core}, an optional dependency: who uses this package adds it, on the class
 * path or as a module ({@code tools.jackson.core}). Nothing else of the library uses this package.
 */
package org.xfrm4j.json;
