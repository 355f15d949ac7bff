"""Prints what OpenStack Swift's Ring class answers, to hold ours against it.

usage: swift_ring.py read RING PARTITION...   one line a partition: primaries | handoffs
       swift_ring.py write RING               writes a ring with a hole and 2.25 replicas
       swift_ring.py part RING ACCOUNT CONTAINER OBJECT
"""
import array
import sys

from swift.common import utils

utils.HASH_PATH_PREFIX = b'changeme'
utils.HASH_PATH_SUFFIX = b'changeme'
from swift.common.ring import Ring, RingData  # noqa: E402


def read(ring, partitions):
    for part in partitions:
        primaries = [str(node['id']) for node in ring.get_part_nodes(int(part))]
        handoffs = [str(node['id']) for node in ring.get_more_nodes(int(part))]
        print(','.join(primaries) + '|' + ','.join(handoffs))


def write(path):
    devs = [{'id': i, 'region': 1 + i % 2, 'zone': i % 3, 'ip': '10.0.0.%d' % (i % 4),
             'port': 6200, 'device': 'd%d' % i, 'weight': 10.5, 'meta': 'm\u00fc'}
            for i in range(7)]
    devs[3] = None
    ids = [i for i in range(7) if i != 3]
    rows = [array.array('H', [ids[(p + r) % 6] for p in range(256 if r < 2 else 64)])
            for r in range(3)]
    RingData(rows, devs, 24, version=42).save(path)


if sys.argv[1] == 'read':
    read(Ring(sys.argv[2], reload_time=3600), sys.argv[3:])
elif sys.argv[1] == 'write':
    write(sys.argv[2])
else:
    print(Ring(sys.argv[2]).get_part(*sys.argv[3:]))
