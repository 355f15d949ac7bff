/// HTTP/1.1 for servers and clients, behind [Request], [Response] and [Body]; the only user of
/// `io.netty`.
///
/// A message is a head and a [Body] that its receiver pulls chunk by chunk, so back-pressure needs
/// no further rules: who does not pull is not sent to. Header values are Latin-1 strings that carry
/// the bytes as they were on the wire (UTF-8 text in a header is decoded by who needs it).
///
/// Entry points: [HttpServer] and [NettyHttpClient] on shared [EventLoops]; [BlockingHandlers] and
/// [BlockingBody] for code that waits; [BufferPool] for bytes that go out uncopied. Inside, both
/// ends are a [Connection] that is read only when somebody wants input, an [IncomingBody] and a
/// [BodyWriter].
///
/// Not here: routing, authentication of users, what a header means.
@NullMarked
package org.martlet.common.http;

import org.jspecify.annotations.NullMarked;
