package org.martlet.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.containerserver.server.ListingRings;
import org.martlet.replicator.service.HttpMisplacedSource;
import org.martlet.replicator.service.MisplacedSource;
import org.martlet.replicator.service.MisplacedSource.Marked;

/// What the reconciler learns from a container server over HTTP, one piece a page.
class MisplacedSourceIT {
  private static final int WRONG = 1;

  @TempDir private Path directory;
  private ListingNode node;
  private MisplacedSource source;

  @BeforeEach
  void start() throws Exception {
    node = new ListingNode(directory, ListingRings.EVERYWHERE);
    source = new HttpMisplacedSource(node.calls());
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private void list(String container, ListingRow... rows) {
    ObjectPath path = ObjectPath.container("AUTH_test", container);
    node.send("PUT", "/d1/0" + path, new byte[0], "X-Timestamp", "1");
    byte[] batch = UpdateBatch.encodeRows(List.of(new UpdateBatch.RowUpdate(path, List.of(rows))));
    assertThat(node.send("UPDATE", "/d1", batch).body()).isEqualTo("{\"results\":[201]}");
  }

  private static ListingRow row(String name, long ticks, boolean deleted, int policy) {
    Timestamp at = Timestamp.ofTicks(ticks);
    return new ListingRow(
        name,
        at,
        at,
        at,
        deleted,
        deleted ? 0 : 1,
        deleted ? "" : "d41d8cd98f00b204e9800998ecf8427e",
        deleted ? "" : "text/plain",
        policy);
  }

  private List<Marked> marked() throws Exception {
    List<Marked> all = new ArrayList<>();
    Optional<String> from = Optional.empty();
    do {
      MisplacedSource.Containers page = source.containers(from, 1);
      assertThat(page.containers()).hasSizeLessThanOrEqualTo(1);
      all.addAll(page.containers());
      from = page.next();
    } while (from.isPresent());
    return all;
  }

  private List<ListingRow> rows(Marked container) throws Exception {
    List<ListingRow> all = new ArrayList<>();
    Optional<String> from = Optional.empty();
    do {
      MisplacedSource.Rows page = source.rows(container, from, 1);
      assertThat(page.rows()).hasSizeLessThanOrEqualTo(1);
      all.addAll(page.rows());
      from = page.next();
    } while (from.isPresent());
    return all;
  }

  @Test
  void tellsEachContainerWithRowsOfAnotherPolicyAndThoseRows() throws Exception {
    ListingRow live = row("live é", 1_000, false, WRONG);
    ListingRow another = row("later", 1_001, false, WRONG);
    ListingRow deleted = row("deleted", 1_002, true, WRONG);
    list("good", row("right", 1_000, false, 0));
    list("bad", row("right", 1_000, false, 0), live, another, deleted);
    list("worse", row("only", 1_000, false, WRONG));
    List<Marked> containers = marked();
    assertThat(containers)
        .extracting(Marked::container)
        .containsExactlyInAnyOrder(
            ObjectPath.container("AUTH_test", "bad"), ObjectPath.container("AUTH_test", "worse"));
    Marked bad =
        containers.stream()
            .filter(each -> "bad".equals(each.container().container()))
            .findFirst()
            .orElseThrow();
    assertThat(rows(bad)).containsExactlyInAnyOrder(live, another, deleted);
  }

  @Test
  void aContainerThatIsDoneIsNotToldAgainUnlessItHasChanged() throws Exception {
    list("c", row("moved", 1_000, false, WRONG));
    Marked before = marked().getFirst();
    list("c", row("moved", 1_001, false, 0), row("new", 1_001, false, WRONG));
    source.settled(before);
    assertThat(marked()).as("it has changed since").hasSize(1);
    list("c", row("new", 1_002, false, 0));
    Marked after = marked().getFirst();
    assertThat(rows(after)).isEmpty();
    source.settled(after);
    assertThat(marked()).isEmpty();
  }
}
