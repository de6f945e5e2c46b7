package org.xfrm4j.json;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.xfrm4j.MigrateSupport;
import org.xfrm4j.SadInformation;
import org.xfrm4j.SpdInformation;
import org.xfrm4j.event.Notice;
import org.xfrm4j.migrate.MigrationPlan;
import org.xfrm4j.migrate.MigrationReport;
import org.xfrm4j.migrate.NamespaceOutcome;
import org.xfrm4j.migrate.PlanGroup;
import org.xfrm4j.migrate.PlanProblem;
import org.xfrm4j.migrate.RecoveryReport;
import org.xfrm4j.netlink.MalformedMessageException;
import org.xfrm4j.netlink.NetworkNamespace;
import org.xfrm4j.policy.Policy;
import org.xfrm4j.sa.SecurityAssociation;
import org.xfrm4j.wire.PolicyDecoder;
import org.xfrm4j.wire.SaDecoder;

/**
 * Writes values as JSON, in UTF-8. What each looks like says the schema ({@link #SCHEMA}), by the name that is given
 * here.
 *
 * <pre>
 *   try (JsonWriter json = JsonWriter.lines(System.out)) {
 *       json.write(report);
 *   }
 * </pre>
 *
 * <p>Lists are {@link #beginList}, their values one after another, {@link #endList}: nothing is kept, so that a dump of
 * any length can be written as it comes. For one thread at a time. The stream belongs to the caller: {@link #close}
 * ends the last line and flushes the stream, and leaves it open.
 *
 * <p>Every method throws {@link UncheckedIOException} when the stream cannot be written to.
 */
public final class JsonWriter implements AutoCloseable {
    /** The schema, a resource beside this class; its {@code $defs} are the forms of values. */
    public static final String SCHEMA = "xfrm4j.schema.json";

    private final Json json;
    private final SaBytesJson sas = new SaBytesJson();
    private boolean keys;

    private JsonWriter(Json json) {
        this.json = json;
    }

    /**
     * A writer for programs: each value on a line of its own, a list on one.
     *
     * @param out where to
     * @return to be closed by the caller
     * @throws IllegalStateException if jackson-core is neither on the class path nor a module of the application
     */
    public static JsonWriter lines(OutputStream out) {
        return new JsonWriter(open(out, false));
    }

    /**
     * A writer for people: indented.
     *
     * @param out where to
     * @return to be closed by the caller
     * @throws IllegalStateException if jackson-core is neither on the class path nor a module of the application
     */
    public static JsonWriter indented(OutputStream out) {
        return new JsonWriter(open(out, true));
    }

    private static Json open(OutputStream out, boolean indented) {
        try {
            return Json.open(out, indented);
        } catch (NoClassDefFoundError missing) {
            throw new IllegalStateException("JSON needs tools.jackson.core:jackson-core, an optional dependency, on the"
                    + " class path or as a module (--add-modules tools.jackson.core)", missing);
        }
    }

    /**
     * Writes into a string.
     *
     * @param values writes them: {@code JsonWriter.toString(json -> json.write(report))}
     * @return what was written, a line for each value
     * @throws IllegalStateException if jackson-core is neither on the class path nor a module of the application
     */
    public static String toString(Consumer<JsonWriter> values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonWriter writer = lines(bytes)) {
            values.accept(writer);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /**
     * From now on, keys of SAs are written, and attributes that are not known, which might hold one. They then are in
     * the stream's memory and wherever it goes.
     *
     * @return this
     */
    public JsonWriter withKeys() {
        keys = true;
        return this;
    }

    /** Writes an SA: {@code security_association}. */
    public void write(SecurityAssociation sa) {
        json.run(() -> SaJson.write(json, sa, keys));
    }

    /**
     * Writes an SA, {@code security_association}, straight from the kernel's bytes: what {@link
     * #write(SecurityAssociation)} writes of {@link SecurityAssociation#from}, without making an object of it. For long
     * dumps.
     *
     * @param sa as {@link org.xfrm4j.SaDump#sa} has it
     * @throws MalformedMessageException if it has what no kernel has: a part of it may then be written
     */
    public void write(SaDecoder sa) {
        json.run(() -> sas.write(json, sa, keys));
    }

    /** Writes a policy: {@code policy}. */
    public void write(Policy policy) {
        json.run(() -> PolicyJson.write(json, policy, keys));
    }

    /**
     * Writes a policy, {@code policy}, straight from the kernel's bytes: what {@link #write(Policy)} writes of {@link
     * Policy#from}, without making an object of it. For long dumps.
     *
     * @param policy as {@link org.xfrm4j.PolicyDump#policy} has it
     * @throws MalformedMessageException if it has what no kernel has: a part of it may then be written
     */
    public void write(PolicyDecoder policy) {
        json.run(() -> PolicyBytesJson.write(json, policy, keys));
    }

    /** Writes an event, that some were missed, or that nothing happened: {@code event}. */
    public void write(Notice notice) {
        json.run(() -> EventJson.write(json, notice, keys));
    }

    /** Writes the counts of a plan and why it cannot run: {@code migration_plan}. */
    public void write(MigrationPlan plan) {
        json.run(() -> ReportJson.write(json, plan));
    }

    /** Writes what becomes of a group of a plan: {@code plan_group}. */
    public void write(PlanGroup group) {
        json.run(() -> ReportJson.write(json, group, keys));
    }

    /** Writes why a plan cannot run: {@code plan_problem}. */
    public void write(PlanProblem problem) {
        json.run(() -> ReportJson.write(json, problem));
    }

    /** Writes what a migration did: {@code migration_report}. */
    public void write(MigrationReport report) {
        json.run(() -> ReportJson.write(json, report));
    }

    /** Writes what a recovery did: {@code recovery_report}. */
    public void write(RecoveryReport report) {
        json.run(() -> ReportJson.write(json, report));
    }

    /** Writes what became of the migration of one network namespace of several: {@code namespace_outcome}. */
    public void write(NetworkNamespace namespace, NamespaceOutcome outcome) {
        json.run(() -> ReportJson.write(json, namespace, outcome));
    }

    /** Writes whether a kernel moves SAs: {@code migrate_support}. */
    public void write(MigrateSupport support) {
        json.run(() -> InformationJson.write(json, support));
    }

    /** Writes the figures of both databases: {@code information}. */
    public void write(SadInformation sad, SpdInformation spd) {
        json.run(() -> InformationJson.write(json, sad, spd));
    }

    /** Begins a list: the values that follow are in it. */
    public void beginList() {
        json.run(json::beginList);
    }

    /** Ends a list. */
    public void endList() {
        json.run(json::end);
    }

    /** Begins an object of one's own: each value in it follows a {@link #name}. */
    public void beginObject() {
        json.run(json::begin);
    }

    /** Ends an object. */
    public void endObject() {
        json.run(json::end);
    }

    /**
     * Names the value that follows.
     *
     * @param name in snake_case
     * @return this
     */
    public JsonWriter name(String name) {
        json.run(() -> json.name(name));
        return this;
    }

    /** Writes a string. */
    public void value(String text) {
        json.run(() -> json.string(text));
    }

    /** Writes a number. */
    public void value(long number) {
        json.run(() -> json.number(number));
    }

    /** Writes true or false. */
    public void value(boolean truth) {
        json.run(() -> json.truth(truth));
    }

    /** Gives all that was written to the stream, and flushes it. */
    public void flush() {
        json.run(json::flush);
    }

    /** Ends the last line, and flushes the stream, which stays open. */
    @Override
    public void close() {
        json.run(json::close);
    }
}
