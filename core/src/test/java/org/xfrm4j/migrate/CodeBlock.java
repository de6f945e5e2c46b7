package org.xfrm4j.migrate;

import java.nio.file.Path;
import org.xfrm4j.Xfrm;
import org.xfrm4j.sa.IpAddress;

/** What a code block of the documentation may take for granted; each becomes the body of {@link #run}. */
@SuppressWarnings("exports") // Tests are not exported.
public abstract class CodeBlock {
    /** The test's. */
    protected final Xfrm xfrm;
    /** That are not there yet. */
    protected final Path journal;
    protected final Path recordingFile;
    /** The gateway's address. */
    protected final IpAddress before = DocumentedCode.BEFORE;
    protected final IpAddress after = DocumentedCode.AFTER;
    /** Moves the gateway. */
    protected final MoveRule rule = DocumentedCode.RULE;

    protected CodeBlock(Xfrm xfrm, Path folder) {
        this.xfrm = xfrm;
        this.journal = folder.resolve("journal");
        this.recordingFile = folder.resolve("recording.jfr");
    }

    /** The block. */
    public abstract void run() throws Exception;
}
