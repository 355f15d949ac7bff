package org.martlet.proxyserver.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.martlet.proxyserver.object.ObjectFixture.pattern;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.proxyserver.backend.FakeCluster.Missed;
import org.martlet.proxyserver.backend.FakeDevice;

/// Who is told when a change did not get to all devices.
@Timeout(20)
class MissedCopiesTest {
  private final ObjectFixture fixture = new ObjectFixture();

  private void onlyPrimariesAreUp() {
    fixture.handoffs().forEach(FakeDevice::dead);
  }

  private Missed told() throws InterruptedException {
    return fixture.fake.missed.poll(10, TimeUnit.SECONDS);
  }

  private void assertThatAPrimaryIsTold(int... witnesses) throws InterruptedException {
    Missed missed = told();
    assertThat(missed).isNotNull();
    assertThat(missed.hash()).isEqualTo(fixture.fake.hash("a", "c", "o"));
    List<FakeDevice> primaries = fixture.primaries();
    assertThat(Arrays.stream(witnesses).mapToObj(i -> primaries.get(i).name()))
        .contains(missed.witness());
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 300_000})
  void aPrimaryIsToldOfAPutThatAnotherMissed(int size) throws Exception {
    onlyPrimariesAreUp();
    fixture.primaries().get(1).dead();
    assertThat(fixture.put(pattern(size)).status()).isEqualTo(201);
    assertThatAPrimaryIsTold(0, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "DELETE"})
  void aPrimaryIsToldOfAChangeThatAnotherMissed(String method) throws Exception {
    fixture.put(pattern(10));
    fixture.fake.now.set(fixture.fake.now.get().plusSeconds(1));
    onlyPrimariesAreUp();
    fixture.primaries().get(0).dead();
    fixture.call(method);
    assertThatAPrimaryIsTold(1, 2);
  }

  @Test
  void nobodyIsToldWhereAllTookIt() throws Exception {
    fixture.put(pattern(10));
    fixture.put(pattern(300_000));
    fixture.call("DELETE");
    assertThat(fixture.fake.missed).isEmpty();
  }

  @Test
  void nobodyIsToldWhereAHandoffStoodIn() throws Exception {
    fixture.primaries().get(1).dead();
    assertThat(fixture.put(pattern(10)).status()).isEqualTo(201);
    assertThat(fixture.fake.missed).isEmpty();
  }

  @Test
  void nobodyIsToldOfAPostToWhatIsNotThere() throws Exception {
    fixture.call("POST");
    assertThat(fixture.fake.missed).isEmpty();
  }
}
