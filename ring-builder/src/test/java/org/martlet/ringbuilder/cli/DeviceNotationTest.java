package org.martlet.ringbuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;

class DeviceNotationTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "r1z2-10.1.2.3:7878/sdf; r1z2-10.1.2.3:7878R10.1.2.3:7878/sdf_\"\"",
        "r1z2-10.1.2.3:7878R10.9.0.1:7879/sdf_rack 4_b; r1z2-10.1.2.3:7878R10.9.0.1:7879/sdf_\"rack 4_b\"",
        "z3-[2001:DB8:0::1]:6200/d; r1z3-[2001:db8::1]:6200R[2001:db8::1]:6200/d_\"\"",
        "z3-2001:db8::1:6200/d; r1z3-[2001:db8::1]:6200R[2001:db8::1]:6200/d_\"\"",
        "r0z0-node-1.example:6200/d1; r0z0-node-1.example:6200Rnode-1.example:6200/d1_\"\""
      })
  void devicesToAddAreParsedAsSwiftDoes(String text, String label) throws CliException {
    DeviceNotation.Added added = DeviceNotation.parse(text, "12.5");
    assertThat(added.device().label()).isEqualTo("d0" + label);
    assertThat(added.device().weight()).isEqualTo(12.5);
    assertThat(added.regionGiven()).isEqualTo(text.startsWith("r"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rubbish",
        "r1-1.2.3.4:1/d",
        "r1z1-1.2.3.4/d",
        "r1z1-1.2.3.4:x/d",
        "r1z1-1.2.3.4:0/d",
        "r1z1-1.2.3.4:70000/d",
        "r1z1-1.2.3:1/d",
        "r1z1-[::g]:1/d",
        "r1z1-1.2.3.4:1/",
        "r1z1-a b:1/d",
        "r1z1-1.2.3.4:1",
        "rz1-1.2.3.4:1/d",
        "r99999999999z1-1.2.3.4:1/d"
      })
  void malformedDevicesAreRefused(String text) {
    assertThatThrownBy(() -> DeviceNotation.parse(text, "1")).isInstanceOf(CliException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "NaN", "Infinity"})
  void malformedWeightsAreRefused(String weight) {
    assertThatThrownBy(() -> DeviceNotation.parse("r1z1-1.2.3.4:1/d", weight))
        .isInstanceOf(CliException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "d2; 2",
        "d1; 1",
        "r2; 2",
        "z1; 0 2",
        "z1-10.0.0.1; 0",
        "10.0.0.1; 0",
        "-10.0.0.1; 0",
        ":6201; 1",
        "z1:6200; 0",
        "R10.1.0.3; 2",
        "R:7000; 2",
        "10.0.0.1R10.0.0.1; 0",
        "/sdb; 1",
        "/sda; 0 2",
        "_shiny; 2",
        "[fe80::1]; 1",
        "z2-[FE80:0::1]:6201; 1",
        "-node3; 2",
        "d2r2z1-node3:6203R10.1.0.3:7000/sda_so shiny; 2",
        "d9; ''"
      })
  void searchValuesFindWhatTheySay(String search, String ids) throws CliException {
    List<RingDevice> devices =
        List.of(
            device(0, 1, 1, "10.0.0.1", 6200, "10.0.0.1", 6200, "sda", ""),
            device(1, 1, 2, "fe80::1", 6201, "fe80::1", 6201, "sdb", "dull"),
            device(2, 2, 1, "node3", 6203, "10.1.0.3", 7000, "sda", "so shiny"));
    List<String> found =
        DeviceSearch.parse(search).in(devices).stream().map(d -> d.id().toString()).toList();
    assertThat(String.join(" ", found)).isEqualTo(ids);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "x1", "d", "z1 ", "R", "10.0.0.1x", "[::g]"})
  void malformedSearchValuesAreRefused(String search) {
    assertThatThrownBy(() -> DeviceSearch.parse(search)).isInstanceOf(CliException.class);
  }

  @Test
  void addressesAreNormalised() throws CliException {
    assertThat(DeviceNotation.host("[2001:DB8:0:0::1]")).isEqualTo("2001:db8::1");
    assertThat(DeviceNotation.host("Node-A.Example")).isEqualTo("node-a.example");
    assertThatThrownBy(() -> DeviceNotation.host("[node]")).isInstanceOf(CliException.class);
    assertThatThrownBy(() -> DeviceNotation.host("1.2.3.999")).isInstanceOf(CliException.class);
  }

  private static RingDevice device(
      int id,
      int region,
      int zone,
      String ip,
      int port,
      String rip,
      int rport,
      String name,
      String meta) {
    return new RingDevice(new DeviceId(id), region, zone, ip, port, rip, rport, name, 1, meta);
  }
}
