package org.xfrm4j.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xfrm4j.EmbeddedKernel;
import org.xfrm4j.NoPolicies;
import org.xfrm4j.sa.SecurityAssociation;

/** What README and guides show is run, against a gateway that has the address which they use. */
class DocumentedCodeIT {
    private static final int PEERS = 3;

    @RegisterExtension
    final NoPolicies clean = new NoPolicies();
    @RegisterExtension
    final EmbeddedKernel kernel = new EmbeddedKernel();
    @TempDir
    Path folder;

    static List<DocumentedCode.Block> blocks() throws IOException {
        return DocumentedCode.all().stream().filter(block -> block.kind() != DocumentedCode.Kind.COMPILES
                && block.kind() != DocumentedCode.Kind.MODULE).toList();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void codeDoesWhatIsSaid(DocumentedCode.Block block) throws Exception {
        TestGateway.setUp(kernel.xfrm(), PEERS);
        KernelState before = KernelState.of(kernel.xfrm());
        DocumentedBlock.run(block, kernel.xfrm(), folder);
        switch (block.kind()) {
            case UNTOUCHED -> before.assertIn(kernel.xfrm());
            case MOVED -> before.moved(DocumentedCode.BEFORE, DocumentedCode.AFTER).assertIn(kernel.xfrm());
            case OUTGOING -> assertOutgoingMoved();
            default -> throw new AssertionError(block.kind());
        }
    }

    private void assertOutgoingMoved() {
        List<SecurityAssociation> sas = kernel.all();
        assertEquals(2 * PEERS, sas.size());
        assertFalse(sas.stream().anyMatch(sa -> sa.source().equals(DocumentedCode.BEFORE)), sas::toString);
        assertEquals(PEERS, sas.stream().filter(sa -> sa.source().equals(DocumentedCode.AFTER)).count());
    }
}
