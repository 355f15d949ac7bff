package org.martlet.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.martlet.objectserver.store.ObjectFacts;
import org.martlet.objectserver.store.ObjectFacts.Check;
import org.martlet.objectserver.store.ObjectFacts.State;

class ObjectReportTest {
  private static final Placement PLACEMENT =
      new Placement(
          0,
          "Policy-0",
          7,
          1024,
          5,
          List.of(new Placement.Node("primary 0", "d1", "10.0.0.1:6200", "r1z1", "curl …")));

  private static ObjectReport report(State state, String kind, List<Check> checks) {
    ObjectFacts facts =
        new ObjectFacts(
            "uuid",
            state,
            new ObjectFacts.LogRecord(
                kind, 1, 7, "volumes/00000001.vol", 1024, 256, 200, 1, List.of(0, 2)),
            new ObjectFacts.Clocks(
                "1402464677.04188", state == State.DELETED, "1402464677.04188", "1402464678.00000"),
            state == State.LIVE
                ? new ObjectFacts.Content(
                    "/a/c/o", "text/plain", 5, "etag", "crc", Map.of(), Map.of("X-A", "b"))
                : null,
            null,
            null,
            checks,
            List.of());
    return new ObjectReport("/a/c/o", "hash", "/srv/d1", "d1", "its server", facts, PLACEMENT);
  }

  @Test
  void aSoundObjectIsShownWithoutAComplaint() {
    ObjectReport report = report(State.LIVE, "put-inline", List.of(new Check("ETag", true, "")));
    assertThat(report.complaint()).isEmpty();
    assertThat(report.text())
        .contains("  state      here, and sound\n")
        .contains("  due updates    to container replicas [0, 2]\n")
        .contains("  data          1402464677.04188  2014-06-11 05:31:17 UTC\n")
        .contains("  X-A  b\n")
        .contains("  primary 0  d1  10.0.0.1:6200  r1z1  this name\n");
  }

  @Test
  void aDamagedObjectSaysWhichChecksFailed() {
    ObjectReport report =
        report(
            State.LIVE,
            "put-inline",
            List.of(new Check("record header", true, ""), new Check("blocks", false, "1 of 4")));
    assertThat(report.complaint()).isEqualTo("/a/c/o on d1 is damaged: blocks: 1 of 4");
    assertThat(report.text()).contains("here, and DAMAGED").contains("  DAMAGED  blocks");
  }

  @Test
  void whatIsNotThereSaysWhy() {
    assertThat(report(State.DELETED, "delete", List.of()).complaint()).contains("a tombstone");
    assertThat(report(State.GONE, "quarantine", List.of()).complaint()).contains("quarantined");
    assertThat(report(State.GONE, "drop", List.of()).complaint()).contains("given away");
    assertThat(report(State.ABSENT, "", List.of()).complaint()).isEqualTo("/a/c/o is not on d1");
  }
}
