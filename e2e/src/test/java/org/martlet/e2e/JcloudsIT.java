package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.domain.Blob;
import org.jclouds.blobstore.domain.StorageMetadata;
import org.jclouds.blobstore.options.ListContainerOptions;
import org.jclouds.openstack.keystone.config.KeystoneProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Apache jclouds' `openstack-swift`, with its version 1 authentication.
class JcloudsIT {
  @TempDir Path data;

  @Test
  void storesListsReadsAndDeletesBlobs() throws IOException {
    try (LocalCluster cluster = LocalCluster.up(data);
        BlobStoreContext context = context(cluster.url())) {
      BlobStore store = context.getBlobStore();
      assertThat(store.createContainerInLocation(null, "clouds")).isTrue();
      byte[] bytes = new byte[300_000];
      new Random(5).nextBytes(bytes);
      for (String name : List.of("a/one", "a/two words", "b/ümlaut")) {
        Blob blob =
            store
                .blobBuilder(name)
                .payload(ByteSource.wrap(bytes))
                .contentLength(bytes.length)
                .contentType("application/x-test")
                .userMetadata(Map.of("kind", "cumulus"))
                .build();
        assertThat(store.putBlob("clouds", blob)).isNotEmpty();
      }
      Blob read = store.getBlob("clouds", "b/ümlaut");
      assertThat(read.getPayload().openStream().readAllBytes()).isEqualTo(bytes);
      assertThat(read.getMetadata().getUserMetadata()).containsEntry("kind", "cumulus");
      assertThat(read.getMetadata().getContentMetadata().getContentType())
          .isEqualTo("application/x-test");
      Listings.await(cluster.client(), "clouds", names -> names.size() == 3);
      assertThat(store.list("clouds", ListContainerOptions.Builder.recursive()))
          .extracting(StorageMetadata::getName)
          .containsExactly("a/one", "a/two words", "b/ümlaut");
      store.removeBlob("clouds", "a/one");
      assertThat(store.blobExists("clouds", "a/one")).isFalse();
      assertThat(store.blobExists("clouds", "a/two words")).isTrue();
    }
  }

  private static BlobStoreContext context(String url) {
    Properties overrides = new Properties();
    overrides.put(KeystoneProperties.CREDENTIAL_TYPE, "tempAuthCredentials");
    overrides.put("jclouds.max-retries", "0");
    return ContextBuilder.newBuilder("openstack-swift")
        .endpoint(url + "/auth/v1.0")
        .credentials("test:tester", "testing")
        .overrides(overrides)
        .buildView(BlobStoreContext.class);
  }
}
