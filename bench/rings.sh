#!/bin/sh
# Builds and changes rings, one process a run: rings.sh DIRECTORY martlet|swift "POWER DEVICES"...
# The directory keeps the first rings of each size. Prints one JSON object a run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
directory=$1
builder=$2
shift 2
mkdir -p "$directory"
for size in "$@"; do
  for shape in even uneven; do
    for change in first add-device add-server remove drain weight; do
      # The size is two arguments.
      case $builder in
        martlet)
          java -cp "$here/target/classes:$(cat "$here/target/classpath")" \
            org.martlet.bench.RingLoad "$directory" $size $shape $change
          ;;
        swift)
          /usr/bin/python3 "$here/src/main/python/swift_rings.py" "$directory" $size $shape $change
          ;;
        *)
          echo "rings.sh: neither martlet nor swift: $builder" >&2
          exit 2
          ;;
      esac
    done
  done
done
