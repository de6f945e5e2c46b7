package org.xfrm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.IpCommand;
import org.xfrm4j.sa.SecurityAssociation;
import tools.jackson.databind.JsonNode;

/** The commands about SAs, in the embedded kernel: what they print, do, and end with. */
class SaCommandsIT {
    private static final String KEY = "0x0102030405060708090a0b0c0d0e0f1011121314";
    private static final String OUT = "src 192.0.2.1 dst 198.51.100.7 proto esp spi 0xc0ffee01 reqid 17 mode tunnel"
            + " dir out"
            + " aead 'rfc4106(gcm(aes))' " + KEY + " 128";
    private static final String IN = "src 198.51.100.7 dst 192.0.2.1 proto esp spi 0xc0ffee02 reqid 18 mode tunnel"
            + " dir in"
            + " replay-window 32 mark 0x1 mask 0xff aead 'rfc4106(gcm(aes))' " + KEY + " 128";
    private static final String NAME = "dst 198.51.100.7 proto esp spi 0xc0ffee01";

    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();

    @TempDir
    Path folder;

    private static void addTwo() {
        assertEquals("", Run.done("sa add " + OUT));
        assertEquals("", Run.done("sa add " + IN));
    }

    @Test
    void addsWhatIpAdds() {
        List<String> commands = List.of(OUT, IN,
                "src 2001:db8::1 dst 2001:db8::2 proto esp spi 3 mode transport enc 'cbc(aes)'"
                        + " 0x000102030405060708090a0b0c0d0e0f"
                        + " auth-trunc 'hmac(sha256)' 0x" + "11".repeat(32) + " 128 replay-window 64 flag noecn esn"
                        + " sel src 2001:db8::1/128 dst 2001:db8::2/128 proto udp sport 4711 dport 53",
                "src 192.0.2.1 dst 198.51.100.7 proto ah spi 4 auth 'hmac(sha1)' 0x" + "22".repeat(20)
                        + " limit time-soft 1000 limit byte-hard 4294967295 limit packet-soft 17 extra-flag"
                        + " oseq-may-wrap",
                "src 192.0.2.1 dst 198.51.100.7 proto comp spi 5 comp deflate mode tunnel",
                "src 192.0.2.1 dst 198.51.100.7 proto esp spi 6 mode tunnel aead 'rfc4106(gcm(aes))' " + KEY + " 96"
                        + " encap espinudp 4500 4501 0.0.0.0 output-mark 0x5 mask 0xf if_id 0x7 tfcpad 1400"
                        + " replay-seq 3 replay-oseq 4");
        for (String command : commands) {
            Run.done("sa add " + command);
        }
        String ours = Run.done("sa list -s --show-keys");
        Run.done("sa flush");
        commands.forEach(command -> IpCommand.run(Stream.concat(Stream.of("xfrm", "state", "add"),
                Batch.words(command).stream()).toArray(String[]::new)));
        assertEquals(withoutTimes(Run.done("sa list -s --show-keys")), withoutTimes(ours));
        // With the one of comp in tunnel mode the kernel makes another by itself.
        assertEquals(commands.size() + 1, kernel.all().size());
    }

    private static String withoutTimes(String text) {
        return text.replaceAll("add \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d", "add TIME");
    }

    @Test
    void addsWhatIpHasNoWordsFor() {
        Run.done("sa add " + OUT + " encap espinudp 4500 4500 nat-keepalive-interval 20");
        Run.done("sa add " + IN + " encap espinudp 4500 4500 mtimer-thresh 30");
        assertEquals(List.of(30, 0), kernel.all().stream().map(SecurityAssociation::mappingThreshold).toList());
        assertTrue(Run.done("sa list").contains("\n\tnat-keepalive-interval 20\n"));
        assertTrue(Run.done("sa list").contains("\n\tmtimer-thresh 30\n"));
    }

    @Test
    void listsThoseThatTheFilterMeans() {
        addTwo();
        for (String filter : List.of("src 192.0.2.0/24", "--src 192.0.2.1", "--src=192.0.2.1", "dst 198.51.100.0/24",
                "spi 0xc0ffee01,7", "reqid 17", "--reqid=17", "dir out", "mark 0/0", "proto esp reqid 17 mode"
                        + " tunnel")) {
            String listed = Run.done("sa list " + filter);
            assertEquals(1, count(listed), filter);
            assertTrue(listed.contains("spi 0xc0ffee01 "), filter);
        }
        assertEquals(1, count(Run.done("sa list mark 0x1/0xff")));
        assertEquals(2, count(Run.done("sa ls --if-id 0")));
        assertEquals("", Run.done("sa list proto ah"));
        assertEquals("", Run.done("sa list src 192.0.2.0/24 dir in"));
    }

    private static long count(String listed) {
        return listed.lines().filter(line -> line.startsWith("src ")).count();
    }

    @Test
    void printsJsonByItsSchema() {
        addTwo();
        JsonNode list = CliForm.check("sa_list", Run.done("sa list --json"));
        assertEquals(2, list.size());
        assertEquals("0xc0ffee02", list.get(0).get("spi").asString());
        assertEquals(17, CliForm.check("sa_show", Run.done("sa show " + NAME + " --json")).get("reqid").asInt());
        assertEquals(1, CliForm.check("sa_delete", Run.done("sa delete " + NAME + " --json")).get("deleted").asInt());
        assertEquals(1, CliForm.check("sa_add", Run.done("sa add --json " + OUT)).get("added").asInt());
        assertTrue(CliForm.check("sa_flush", Run.done("sa flush --json")).get("flushed").asBoolean());
        assertEquals(0, CliForm.check("sa_list", Run.done("sa list --json")).size());
    }

    @Test
    void showsKeysOnlyIfAsked() {
        addTwo();
        String digits = KEY.substring(2);
        for (String command : List.of("sa list", "sa list -s", "sa list --json", "sa show " + NAME,
                "sa show -s " + NAME, "sa show --json " + NAME)) {
            assertFalse(Run.done(command).contains(digits), command);
        }
        for (String command : List.of("sa list --show-keys", "sa list --show-keys --json",
                "sa show --show-keys " + NAME, "sa show --show-keys --json " + NAME)) {
            assertTrue(Run.done(command).contains(digits), command);
        }
        assertFalse(Run.failed(ExitStatus.NOT_ALL, "sa add " + OUT).contains(digits));
        assertFalse(Run.failed(ExitStatus.USAGE, "sa add src 1.2.3.4 enc 'cbc(aes)' " + KEY + "0").contains(digits));
    }

    @Test
    void showsAndDeletesTheOneThatIsNamed() {
        addTwo();
        assertEquals(Run.done("sa list reqid 17"), Run.done("sa show " + NAME));
        String marked = "dst 192.0.2.1 proto esp spi 0xc0ffee02";
        assertEquals(1, count(Run.done("sa get " + marked + " mark 0x1/0xff")));
        assertEquals(1, count(Run.done("sa get " + marked + " mark 0x1 mask 0xff")));
        Run.done("sa delete " + NAME);
        assertEquals(1, kernel.all().size());
        assertEquals("xfrm4j sa show: there is no SA esp spi 0xc0ffee01 → 198.51.100.7\n",
                Run.failed(ExitStatus.NOT_ALL, "sa show " + NAME));
        assertEquals("xfrm4j sa delete: there is no SA esp spi 0xc0ffee01 → 198.51.100.7\n",
                Run.failed(ExitStatus.NOT_ALL, "sa del " + NAME));
    }

    @Test
    void updatesLimits() {
        Run.done("sa add " + OUT);
        Run.done("sa add --update " + OUT + " limit packet-hard 4711");
        assertEquals(4711, kernel.all().getFirst().lifetime().hardPackets());
        assertTrue(Run.failed(ExitStatus.NOT_ALL, "sa add --update " + IN).contains("ESRCH"));
    }

    @Test
    void flushesOneProtocolOrAll() {
        addTwo();
        Run.done("sa flush proto ah");
        assertEquals(2, kernel.all().size());
        Run.done("sa flush");
        assertEquals(0, kernel.all().size());
        Run.done("sa flush");
    }

    @Test
    void tellsWhatTheKernelRefused() {
        addTwo();
        assertEquals("xfrm4j sa add: XFRM_MSG_NEWSA refused: EEXIST (17) [esp spi 0xc0ffee01 → 198.51.100.7]\n",
                Run.failed(ExitStatus.NOT_ALL, "sa add " + OUT));
    }

    @Test
    void runsCommandsOfAFile() throws IOException {
        Path file = folder.resolve("commands");
        Files.writeString(file, "# two SAs\n\nsa add " + OUT + "   # the first\nsa add " + IN + "\nsa list reqid 18\n");
        Run run = Run.of("--batch", file.toString());
        assertEquals(new Run(ExitStatus.DONE, Run.done("sa list reqid 18"), ""), run);
        // The first that fails ends it, unless forced.
        assertEquals(0, Run.of("--batch", file.toString()).lines().size());
        Run again = Run.of("--batch", file.toString());
        assertEquals(ExitStatus.NOT_ALL, again.status());
        assertTrue(again.err().endsWith("xfrm4j: " + file + ":3: status 1\n"), again.err());
        assertEquals("", again.out());
        Run forced = Run.of("--batch", file.toString(), "--force");
        assertEquals(ExitStatus.NOT_ALL, forced.status());
        assertEquals(1, count(forced.out()));
    }

    @Test
    void looksIntoAnotherNamespace() {
        addTwo();
        assertEquals(2, count(Run.done("sa list --netns /proc/self/ns/net")));
        String complaint = Run.failed(ExitStatus.NOT_ALL, "sa list --netns nowhere");
        assertTrue(complaint.startsWith("xfrm4j sa list: ") && complaint.contains("nowhere"), complaint);
    }
}
