#!/usr/bin/env bash
# Times whole commands side by side on the 82 MB set, in one run on one machine: medians of RUNS interleaved runs.
#
#   benches/compare.sh [RUNS]
#
# Needs cargo; ripgrep is measured when it is installed. Nothing is written outside target/.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-9}
set=target/compare/synthea
uuid='[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}'
custom=identifiers/custom/synthea.yaml

cargo build --release --locked --quiet
if [ ! -f "$set/observations.csv" ]; then
  cargo run --release --locked --quiet --example fixtures -- --preset april-2020 --out "$set" >/dev/null
fi
head -c 1024 "$set/encounters.csv" | sed '$d' > target/compare/encounters-1k.csv
head -c 20000 "$set/patients.csv" | sed '$d' > target/compare/patients-20k.csv
lakegate=target/release/lakegate

names=() commands=()
add() { names+=("$1"); commands+=("$2"); }
add "cat" "cat $set/*.csv"
add "wc -l" "wc -l $set/*.csv"
if command -v rg >/dev/null; then
  add "ripgrep, one UUID regex" "rg --no-config --count-matches '$uuid' $set"
fi
add "lakegate, three custom identifiers" "$lakegate scan $set -i $custom --managed none --format json -q"
add "lakegate, everything" "$lakegate scan $set -i $custom --format json -q"
add "lakegate, everything, one thread" "$lakegate scan $set -i $custom --format json -q -j 1"
add "cat of a 1 kB file" "cat target/compare/encounters-1k.csv"
add "lakegate, a 1 kB file" "$lakegate scan target/compare/encounters-1k.csv --format json -q"
add "lakegate, a 20 kB patients file" "$lakegate scan target/compare/patients-20k.csv --format json -q"

results=target/compare/times.txt
: > "$results"
for run in $(seq 0 "$runs"); do
  for index in "${!commands[@]}"; do
    start=$(date +%s%N)
    bash -c "exec ${commands[$index]}" > /dev/null
    end=$(date +%s%N)
    # The first round warms the page cache and is not counted.
    [ "$run" = 0 ] || echo "$index $(((end - start) / 1000))" >> "$results"
  done
done

median() { awk -v i="$1" '$1 == i { print $2 }' "$results" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
wc_time=$(median 1)
rg_time=$([ "${names[2]}" = "ripgrep, one UUID regex" ] && median 2 || echo 0)
bytes=$(cat "$set"/*.csv | wc -c)
printf '%s bytes in %s files, %s cores, median of %s runs\n\n' "$bytes" "$(ls "$set" | wc -l)" "$(nproc)" "$runs"
printf '| command | ms | / wc -l | / ripgrep |\n|---|---:|---:|---:|\n'
for index in "${!commands[@]}"; do
  time=$(median "$index")
  awk -v name="${names[$index]}" -v t="$time" -v w="$wc_time" -v r="$rg_time" 'BEGIN {
    printf "| %s | %.1f | %.2f | %s |\n", name, t / 1000, t / w, (r > 0 ? sprintf("%.2f", t / r) : "-") }'
done
if [ -x /usr/bin/time ]; then
  printf '\nPeak memory with everything: %s kB\n' \
    "$(/usr/bin/time -f %M "$lakegate" scan "$set" -i "$custom" --format json -q 2>&1 >/dev/null | tail -1)"
fi
