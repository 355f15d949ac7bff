package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Heads and bodies as they are parsed, byte by byte or at once, without sockets.
class HeadParserTest {
  private static final MessageLimits SMALL = new MessageLimits(100, 100, 300, 5);

  @Property
  void aHeadIsTheSameHoweverItIsCutUp(
      @ForAll @Size(max = 20) List<@From("fieldNames") String> names,
      @ForAll @CharRange(from = ' ', to = '~') String value,
      @ForAll @IntRange(min = 1, max = 40) int step)
      throws BadMessage {
    StringBuilder text = new StringBuilder("PUT /a?b HTTP/1.1\r\n");
    names.forEach(name -> text.append(name).append(": ").append(value).append("\r\n"));
    HeadParser parser = new HeadParser(MessageLimits.DEFAULT);
    Input input = input();
    boolean whole = false;
    byte[] bytes = text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i += step) {
      assertThat(whole).isFalse();
      int count = Math.min(step, bytes.length - i);
      input.add(Unpooled.copiedBuffer(bytes, i, count));
      whole = parser.advance(input);
    }
    assertThat(whole).isTrue();
    assertThat(parser.startLine()).isEqualTo("PUT /a?b HTTP/1.1");
    Headers headers = parser.finish();
    assertThat(headers.size()).isEqualTo(names.size());
    for (int i = 0; i < names.size(); i++) {
      assertThat(headers.nameAt(i)).isEqualTo(names.get(i));
      assertThat(headers.valueAt(i)).isEqualTo(value.strip());
    }
  }

  @Property
  void anyBytesAreAHeadOrRefusedButNeverACrash(
      @ForAll @CharRange(from = 0, to = 255) String noise, @ForAll boolean inHeaders) {
    HeadParser parser = new HeadParser(SMALL);
    Input input = input();
    String text = (inHeaders ? "GET / HTTP/1.1\r\n" : "") + noise + "\r\n\r\n";
    input.add(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    Throwable thrown = catchThrowable(() -> parseWhole(parser, input));
    assertThat(thrown == null || thrown instanceof BadMessage).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "05", "5;5;5", "5 ;name=value", "5\t", "0000000000005"})
  void chunkSizesMayHaveZerosBlanksAndExtensions(String line) throws BadMessage {
    BodyDecoder decoder = new BodyDecoder(Framing.CHUNKED, MessageLimits.DEFAULT);
    Input input = input();
    input.add(Unpooled.copiedBuffer(line + "\r\nhello", StandardCharsets.ISO_8859_1));
    Chunk chunk = decoder.take(input, 1000);
    assertThat(chunk).isNotNull();
    assertThat(chunk.size()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "g", "-5", "+5", "0x5", "5 5", " 5", "8000000000000000", ";", "5\n"})
  void otherChunkSizesAreRefused(String line) {
    BodyDecoder decoder = new BodyDecoder(Framing.CHUNKED, MessageLimits.DEFAULT);
    Input input = input();
    input.add(Unpooled.copiedBuffer(line + "\r\nhello", StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> decoder.take(input, 1000)).isInstanceOf(BadMessage.class);
  }

  @Test
  void tinyChunksThatCameTogetherAreHandedOverTogether() throws BadMessage {
    BodyDecoder decoder = new BodyDecoder(Framing.CHUNKED, MessageLimits.DEFAULT);
    Input input = input();
    input.add(
        Unpooled.copiedBuffer("1\r\nx\r\n".repeat(5000) + "0\r\n\r\n", StandardCharsets.US_ASCII));
    assertThat(decoder.take(input, 65_536).size()).isEqualTo(4096);
    assertThat(decoder.take(input, 65_536).size()).isEqualTo(904);
    assertThat(decoder.isDone()).isTrue();
  }

  @Test
  void manyExtensionsAroundLittleDataAreRefused() {
    BodyDecoder decoder = new BodyDecoder(Framing.CHUNKED, MessageLimits.DEFAULT);
    Input input = input();
    String piece = "1;" + "x".repeat(1000) + "\r\ny\r\n";
    input.add(Unpooled.copiedBuffer(piece.repeat(100), StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> decoder.skip(input)).isInstanceOf(BadMessage.class);
  }

  @Property
  void aChunkedBodyIsTheSameHoweverItIsCutUp(
      @ForAll @Size(max = 20) List<@Size(min = 1, max = 50) byte[]> pieces,
      @ForAll @IntRange(min = 1, max = 30) int step)
      throws BadMessage {
    StringBuilder text = new StringBuilder();
    StringBuilder content = new StringBuilder();
    for (byte[] piece : pieces) {
      String latin = new String(piece, StandardCharsets.ISO_8859_1);
      content.append(latin);
      text.append(Integer.toHexString(piece.length)).append("\r\n").append(latin).append("\r\n");
    }
    text.append("0\r\nX-Etag: abc\r\n\r\nGET /next");
    BodyDecoder decoder = new BodyDecoder(Framing.CHUNKED, MessageLimits.DEFAULT);
    Input input = input();
    StringBuilder read = new StringBuilder();
    byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i += step) {
      input.add(Unpooled.copiedBuffer(bytes, i, Math.min(step, bytes.length - i)));
      for (Chunk chunk = decoder.take(input, 7); chunk != null; chunk = decoder.take(input, 7)) {
        assertThat(chunk.size()).isBetween(1, 7);
        read.append(StandardCharsets.ISO_8859_1.decode(chunk.bytes()));
        chunk.release();
      }
    }
    assertThat(read.toString()).isEqualTo(content.toString());
    assertThat(decoder.isDone()).isTrue();
    assertThat(decoder.trailers().get("x-etag")).isEqualTo("abc");
    assertThat(input.readable()).isEqualTo("GET /next".length());
  }

  private static void parseWhole(HeadParser parser, Input input) throws BadMessage {
    if (parser.advance(input)) {
      RequestLine line = RequestLine.parse(parser.startLine());
      Framing.ofRequest(parser.finish(), line.minor());
    }
  }

  private static Input input() {
    return new Input(UnpooledByteBufAllocator.DEFAULT);
  }

  @Provide
  Arbitrary<String> fieldNames() {
    return Arbitraries.strings()
        .withCharRange('!', '~')
        .ofMinLength(1)
        .ofMaxLength(20)
        .filter(name -> name.indexOf(':') < 0);
  }
}
