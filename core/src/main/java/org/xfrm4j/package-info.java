/**
 * The way to the kernel's IPsec: {@link org.xfrm4j.Xfrm}, and through it the databases of one network namespace.
 *
 * <p>Requests that are made one at a time throw an {@link org.xfrm4j.XfrmException} when the kernel refuses; in what
 * takes many, a {@link org.xfrm4j.Refusal} is part of the result. For values see {@link org.xfrm4j.sa}, for moving SAs
 * {@link org.xfrm4j.migrate}; who cannot afford an object per SA reads {@link org.xfrm4j.wire} decoders from {@link
 * org.xfrm4j.SaDump}.
 *
 * <p>The way of a message, and of its answer:
 *
 * <pre>
 *   SecurityAssociation, Policy, Move             values                      Refusal, XfrmException
 *        │                                                                          ▲
 *        ▼                                                                          │
 *   SaEncoder, PolicyEncoder, …                   org.xfrm4j.wire             SaDecoder, PolicyDecoder, …
 *        │ written once, where it is sent from                                      ▲ read where it was received
 *        ▼                                                                          │
 *   NetlinkBatch ──────── one system call ──────▶ kernel ──────────────────▶ BatchResults, dumps, events
 * </pre>
 *
 * <p>Guides: <a href="doc-files/gateway.html">Migrate a gateway</a>, <a href="doc-files/embedding.html">Embedding</a>,
 * <a href="doc-files/measuring.html">Measuring</a>.
 */
package org.xfrm4j;
