package org.martlet.proxyserver.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Response;

class CachedInfoTest {
  private final AtomicLong nanos = new AtomicLong();
  private final FakeListingServers servers = new FakeListingServers();
  private final CachedInfo cache = cacheOver(servers);

  private CachedInfo cacheOver(ListingServers asked) {
    return new CachedInfo(
        asked,
        Duration.ofSeconds(60),
        64 << 10,
        new Ticker() {
          @Override
          public long read() {
            return nanos.get();
          }
        });
  }

  @Test
  void whatIsThereIsRememberedForAMinute() {
    servers.answer("HEAD", "/a/c", 204, "", "X-Container-Object-Count", "1");
    servers.answer("HEAD", "/a/c", 204, "", "X-Container-Object-Count", "2");
    assertThat(cache.containerInfo("a", "c").objects()).isEqualTo(1);
    nanos.set(Duration.ofSeconds(59).toNanos());
    assertThat(cache.containerInfo("a", "c").objects()).isEqualTo(1);
    nanos.set(Duration.ofSeconds(61).toNanos());
    assertThat(cache.containerInfo("a", "c").objects()).isEqualTo(2);
  }

  @Test
  void largeEntriesMakeRoomForEachOther() {
    String acl = "x".repeat(3000);
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 10; i++) {
        servers.answer("HEAD", "/a/c" + i, 204, "", "X-Container-Read", acl);
      }
    }
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 10; i++) {
        assertThat(cache.containerInfo("a", "c" + i).readAcl()).isEqualTo(acl);
      }
    }
    assertThat(servers.asked).hasSizeGreaterThan(14);
  }

  @Test
  void whatIsMissingIsAskedForAgain() {
    servers.answer("HEAD", "/a/c", 404).answer("HEAD", "/a/c", 204);
    assertThat(cache.containerInfo("a", "c").exists()).isFalse();
    assertThat(cache.containerInfo("a", "c").exists()).isTrue();
  }

  @Test
  void notKnowingIs503() {
    servers.answer("HEAD", "/a", 503);
    assertThatThrownBy(() -> cache.accountInfo("a"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(503));
  }

  @Test
  void anAccountIsPresentMissingOrDeleted() {
    servers.answer("HEAD", "/present", 204, "", "X-Account-Meta-Quota-Bytes", "5");
    servers.answer("HEAD", "/deleted", 404, "", "X-Account-Status", "Deleted");
    servers.answer("HEAD", "/gone", 410);
    assertThat(cache.accountInfo("present").header("X-Account-Meta-Quota-Bytes")).isEqualTo("5");
    assertThat(cache.accountInfo("missing").state()).isEqualTo(AccountInfo.State.MISSING);
    assertThat(cache.accountInfo("deleted").state()).isEqualTo(AccountInfo.State.DELETED);
    assertThat(cache.accountInfo("gone").state()).isEqualTo(AccountInfo.State.DELETED);
  }

  @Test
  void whatChangedWhileItWasReadIsNotRemembered() {
    CachedInfo[] forgetful = new CachedInfo[1];
    forgetful[0] =
        cacheOver(
            new ForwardingServers(servers) {
              @Override
              public Response read(Ask ask, boolean newest) throws InterruptedException {
                Response answer = super.read(ask, newest);
                if (servers.asked.size() == 1) {
                  forgetful[0].forgetContainer("a", "c");
                }
                return answer;
              }
            });
    servers.answer("HEAD", "/a/c", 204, "", "X-Container-Object-Count", "1");
    servers.answer("HEAD", "/a/c", 204, "", "X-Container-Object-Count", "2");
    assertThat(forgetful[0].containerInfo("a", "c").objects()).isEqualTo(1);
    assertThat(forgetful[0].containerInfo("a", "c").objects()).isEqualTo(2);
  }
}
