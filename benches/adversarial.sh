#!/usr/bin/env bash
# Scans sets that are made to be slow, and compares the time per byte with that on the Synthea set of 82 MB. Prints a Markdown table;
# the limits are ten times the time per byte and 48 MB of memory.
#
#   benches/adversarial.sh [RUNS] [SIZE-OF-LINE] [SET...]
#
# RUNS (default 5) is how often each set is scanned; the median counts. SIZE-OF-LINE, such as 1GB, adds a file that is a single line
# of that size, made on the fly and removed again; 0 (the default) leaves it out. Needs cargo; /usr/bin/time tells the memory
# when it is there. Sets are made once and kept; nothing is written outside target/, and nothing is fetched.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-5}
line=${2:-0}
shift $(($# < 2 ? $# : 2))
folder=target/adversarial
base=target/compare/synthea
size=80MB
custom=identifiers/custom/synthea.yaml
# LAKEGATE names another program to measure.
lakegate=${LAKEGATE:-target/release/lakegate}
[ -n "${LAKEGATE:-}" ] || cargo build --release --locked --quiet
mkdir -p "$folder"

example() { cargo run --release --locked --quiet --example "$@" >/dev/null; }

if [ ! -d "$base" ]; then
  example fixtures -- --preset april-2020 --out "$base"
fi
sets=("$@")
[ ${#sets[@]} -gt 0 ] || sets=(letters distinct quoted column columns keywords names digits)
for set in "${sets[@]}"; do
  if [ ! -d "$folder/$set" ]; then
    rm -rf "$folder/making"
    example adversarial -- "$set" --size "$size" --out "$folder/making"
    mv "$folder/making" "$folder/$set"
  fi
done
if [ "$line" != 0 ]; then
  trap 'rm -rf "$folder/line"' EXIT
  rm -rf "$folder/line"
  example adversarial -- line --size "$line" --out "$folder/line"
  sets+=(line)
fi

peak() {
  [ -x /usr/bin/time ] || return 0
  LC_ALL=C /usr/bin/time -f %M "$@" 2>&1 >/dev/null | tail -1
}

# Median time in microseconds of scanning the folder $1.
median_of() {
  local round start end
  for ((round = 0; round <= runs; round++)); do
    start=${EPOCHREALTIME//[!0-9]/}
    "$lakegate" scan "$1" -i "$custom" --format json -q --no-progress -j 2 >/dev/null
    end=${EPOCHREALTIME//[!0-9]/}
    # The first round warms the page cache and is not counted.
    [ "$round" = 0 ] || echo $((end - start))
  done | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

printf 'Medians of %s runs, %s cores, two threads; all 166 managed and three custom identifiers.\n\n' "$runs" "$(nproc)"
printf '| set | MB | ms | ns / byte | / Synthea (<= 10) | peak MB (<= 48) |\n|---|---:|---:|---:|---:|---:|\n'
base_cost=
for set in "$base" "${sets[@]/#/$folder/}"; do
  bytes=$(cat "$set"/* | wc -c)
  time=$(median_of "$set")
  peak=$(peak "$lakegate" scan "$set" -i "$custom" --format json -q --no-progress -j 2)
  cost=$(awk -v t="$time" -v bytes="$bytes" 'BEGIN { print t * 1000 / bytes }')
  base_cost=${base_cost:-$cost}
  awk -v name="${set##*/}" -v bytes="$bytes" -v t="$time" -v cost="$cost" -v base="$base_cost" -v peak="$peak" 'BEGIN {
    printf "| %s | %.1f | %.1f | %.2f | %.2f%s | %s |\n", name, bytes / 1e6, t / 1000, cost, cost / base,
      (cost / base > 10 ? " MISSED" : ""), (peak > 0 ? sprintf("%.1f%s", peak / 1024, peak / 1024 > 48 ? " MISSED" : "") : "-")
  }'
done
