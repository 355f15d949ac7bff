"""Builds and changes rings with OpenStack Swift's own builder, for comparison with RingLoad.

    python3 swift_rings.py DIRECTORY POWER DEVICES even|uneven CHANGE

CHANGE is one of CHANGES below. `first` goes on until the balance stays and keeps the result in
DIRECTORY for the others, which are each applied to it. Needs Debian's python3-swift. Prints one JSON object: wall and CPU seconds of
rebalance(), greatest resident memory of the process in MiB, balance, dispersion, assignments
that moved, and the fewest that had to: what the devices lacked of their quotas beforehand.

The devices are those of RingLoad: ten to a server; one region of five zones and equal weights, or
four zones of unequal size in two regions, with three weights.
"""
import json
import os
import pickle
import resource
import sys
import time

from swift.common.ring.builder import RingBuilder

CHANGES = ("first", "add-device", "add-server", "remove", "drain", "weight")
UNEVEN_ZONES = (1, 1, 1, 2, 2, 3, 3, 4)


def device(number, shape, server=None):
    server = number // 10 if server is None else server
    even = shape == "even"
    zone = 1 + server % 5 if even else UNEVEN_ZONES[server % 8]
    region = 1 if even or zone < 3 else 2
    weight = 100.0 if even else 100.0 * (1 + number % 3)
    ip = "10.0.%d.%d" % (server // 250, 1 + server % 250)
    return {"region": region, "zone": zone, "ip": ip, "port": 6200, "device": "d%d" % number,
            "replication_ip": ip, "replication_port": 6200, "weight": weight, "meta": ""}


def change(builder, name, devices, shape):
    if name == "add-device":
        builder.add_dev(device(devices, shape, server=0))
    elif name == "add-server":
        for number in range(devices, devices + 12):
            builder.add_dev(device(number, shape, server=(devices + 9) // 10))
    elif name == "remove":
        builder.remove_dev(7)
    elif name == "drain":
        builder.set_dev_weight(11, 0.0)
    elif name == "weight":
        builder.set_dev_weight(13, builder.devs[13]["weight"] * 1.5)


def fewest_moves(builder):
    """Sum of parts_wanted of the devices that hold too little, once planned."""
    if not builder.ever_rebalanced:
        return int(builder.replicas * builder.parts)
    from swift.common.ring.utils import tiers_for_dev
    for dev in builder._iter_devs():
        dev["tiers"] = tiers_for_dev(dev)
    builder._set_parts_wanted(builder._build_replica_plan())
    return sum(max(0, dev["parts_wanted"]) for dev in builder._iter_devs())


def settle(builder, result):
    """Goes on until a pass changes little, as its operators do, so that changes start there."""
    balance, passes, moved = result["balance"], 0, 1
    while moved and passes < 8:
        builder.pretend_min_part_hours_passed()
        moved, now, _ = builder.rebalance(seed=passes + 2)
        passes += 1
        improved, balance = balance - now, now
        if improved < 0.5:
            break
    result.update(passes_to_settle=passes, settled_balance=round(balance, 3),
                  settled_dispersion=round(builder.dispersion, 3))


def main():
    directory, power, devices, shape, name = sys.argv[1:]
    power, devices = int(power), int(devices)
    saved = os.path.join(directory, "%d-%d-%s.pickle" % (power, devices, shape))
    if name == "first":
        builder = RingBuilder(power, 3, 1)
        for number in range(devices):
            builder.add_dev(device(number, shape))
    else:
        with open(saved, "rb") as file:
            builder = RingBuilder.from_dict(pickle.load(file))
        change(builder, name, devices, shape)
        builder.pretend_min_part_hours_passed()
    fewest = fewest_moves(builder)
    wall, cpu = time.time(), time.process_time()
    moved, balance, _ = builder.rebalance(seed=1)
    wall, cpu = time.time() - wall, time.process_time() - cpu
    result = {
        "builder": "swift", "power": power, "devices": devices, "shape": shape, "change": name,
        "wall_s": round(wall, 3), "cpu_s": round(cpu, 3),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "balance": round(balance, 3), "dispersion": round(builder.dispersion, 3),
        "moved": moved, "fewest": fewest}
    if name == "first":
        settle(builder, result)
        with open(saved, "wb") as file:
            pickle.dump(builder.to_dict(), file, protocol=2)
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
