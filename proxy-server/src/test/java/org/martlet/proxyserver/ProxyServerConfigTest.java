package org.martlet.proxyserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.martlet.common.config.ConfigException;
import org.martlet.common.config.ConfigReader;
import org.martlet.common.config.ConfigSample;
import org.martlet.common.config.LoadedConfig;
import org.martlet.proxyserver.api.Constraints;
import org.martlet.proxyserver.auth.TempAuthConfig;
import org.martlet.proxyserver.auth.TempAuthUser;
import org.martlet.proxyserver.backend.BackendConfig;

class ProxyServerConfigTest {
  private static LoadedConfig<ProxyServerConfig> parse(String toml) throws ConfigException {
    return ConfigReader.parse("test.toml", toml, ProxyServerConfig::read);
  }

  @Test
  void theSampleShowsEveryKeyWithItsDefault() throws Exception {
    ConfigSample.check(Path.of("../etc/proxy-server.toml"), ProxyServerConfig::read);
  }

  @Test
  void anEmptyFileMeansTheDefaults() throws ConfigException {
    ProxyServerConfig config = parse("").config();
    assertThat(config.constraints()).isEqualTo(Constraints.defaults());
    assertThat(config.backend()).isEqualTo(BackendConfig.defaults());
    assertThat(config.listen().host()).isEqualTo("127.0.0.1");
    assertThat(config.tempAuth().resellerPrefixes()).containsExactly("AUTH");
  }

  @Test
  void usersAreRead() throws ConfigException {
    TempAuthConfig auth =
        parse(
                """
                [tempauth]
                reseller_prefix = ["AUTH", "SERVICE"]
                require_group = ["SERVICE:.service"]
                token_life = "1 h"
                [[tempauth.user]]
                account = "test"
                user = "tester"
                key = "testing"
                groups = [".admin"]
                """)
            .config()
            .tempAuth();
    assertThat(auth.users())
        .containsExactly(new TempAuthUser("test", "tester", "testing", List.of(".admin"), ""));
    assertThat(auth.requiredGroups()).isEqualTo(Map.of("SERVICE", ".service"));
    assertThat(auth.tokenLife()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void keysAreNotShown() throws ConfigException {
    LoadedConfig<ProxyServerConfig> loaded =
        parse(
            """
            [client_api]
            admin_key = "hush-hush"
            [[tempauth.user]]
            account = "a"
            user = "b"
            key = "very-secret"
            """);
    assertThat(loaded.effective()).doesNotContain("hush-hush").doesNotContain("very-secret");
    assertThat(loaded.config().toString())
        .doesNotContain("hush-hush")
        .doesNotContain("very-secret");
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() {
    assertThatThrownBy(
            () ->
                parse(
                    """
                    [listen]
                    bind_prot = 80
                    bind_port = 99999
                    [tempauth]
                    require_group = ["SERVICE"]
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("bind_prot")
        .hasMessageContaining("did you mean bind_port")
        .hasMessageContaining("99999")
        .hasMessageContaining("PREFIX:group");
  }
}
