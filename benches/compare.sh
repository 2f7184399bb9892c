#!/usr/bin/env bash
# Times whole commands side by side, in one run on one machine: medians of interleaved runs with a warm page cache, beside the
# limits that the project sets itself. Prints a Markdown table.
#
#   benches/compare.sh [RUNS] [SET...]        sets: synthea large notes log jsonl file identifiers; all of them by default
#
# lakegate and ripgrep run with two threads. Each set is compared with `wc -l` and with ripgrep counting one UUID pattern on
# the same files. Needs cargo; ripgrep and /usr/bin/time are used when they are there. Sets are made once and kept; nothing
# is written outside target/, and nothing is fetched. All sets together take 1.3 GB.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=9
if [[ ${1:-} =~ ^[0-9]+$ ]]; then
  runs=$1
  shift
fi
sets=("$@")
[ ${#sets[@]} -gt 0 ] || sets=(synthea large notes log jsonl file identifiers)
folder=target/compare
custom=identifiers/custom/synthea.yaml
uuid='[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}'
mkdir -p "$folder"

# LAKEGATE names another program to measure; then nothing is built unless a set is missing.
lakegate=${LAKEGATE:-target/release/lakegate}
[ -n "${LAKEGATE:-}" ] || cargo build --release --locked --quiet
rg=$(type -P rg || true)

fixtures() { cargo run --release --locked --quiet --example fixtures -- "$@" >/dev/null; }

# Makes the set $1 from the files $2 of what the generator writes with the other arguments.
make_set() {
  local name=$1 files=$2
  shift 2
  [ ! -d "$folder/$name" ] || return 0
  rm -rf "$folder/making"
  fixtures "$@" --out "$folder/making"
  mkdir "$folder/$name.part"
  # shellcheck disable=SC2086 # $files is a pattern
  (cd "$folder/making" && mv $files "../$name.part/")
  rm -rf "$folder/making"
  mv "$folder/$name.part" "$folder/$name"
}

# Five hundred custom identifiers: a third of them fixed shapes without keywords, the others with a keyword each.
many_custom() {
  awk 'BEGIN {
    print "customDataIdentifiers:"
    for (n = 1; n <= 500; n++) {
      printf "  - name: Generated %03d\n", n
      if (n % 3 == 0) printf "    regex: \047EMP%03d-\\d{6}\047\n", n
      else if (n % 3 == 1) printf "    regex: \047[A-Z]{2,3}\\d{5,7}\047\n    keywords: [badge %03d]\n", n
      else printf "    regex: \047\\d{4}-\\d{4}(-[a-z]+)?\047\n    keywords: [project %03d, order %03d]\n", n, n
    }
  }' > "$folder/custom-500.yaml"
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# Runs $1 times all the commands that follow, one after the other, and sets `times` to the median of each in microseconds.
measure() {
  local rounds=$1 round index start end
  shift
  local samples=()
  for ((round = 0; round <= rounds; round++)); do
    index=0
    for command in "$@"; do
      start=${EPOCHREALTIME//[!0-9]/}
      eval "$command" >/dev/null
      end=${EPOCHREALTIME//[!0-9]/}
      # The first round warms the page cache and is not counted.
      [ "$round" = 0 ] || samples[index]+="$((end - start))"$'\n'
      index=$((index + 1))
    done
  done
  times=()
  for index in "${!samples[@]}"; do times+=("$(printf '%s' "${samples[index]}" | median)"); done
}

# Peak resident memory of a command in kilobytes, or nothing.
peak() {
  [ -x /usr/bin/time ] || return 0
  # shellcheck disable=SC2086 # $1 is a command line
  LC_ALL=C /usr/bin/time -f %M $1 2>&1 >/dev/null | tail -1
}

# A row: $1 what, $2 bytes, then times in microseconds of lakegate, wc and ripgrep (0: none), peak in kB, and the limits of the
# ratios to wc and ripgrep and of the peak in MB (-: none).
row() {
  awk -v what="$1" -v bytes="$2" -v t="$3" -v wc="$4" -v rg="$5" -v peak="$6" -v most_wc="$7" -v most_rg="$8" -v most_mb="$9" '
    function limit(value, most) { return most == "-" ? "" : sprintf(" (<= %s%s)", most, value > most ? ", MISSED" : "") }
    function ratio(by, most) { return by > 0 ? sprintf("%.2f%s", t / by, limit(t / by, most)) : "-" }
    BEGIN {
      printf "| %s | %.1f | %.1f | %.1f | %s | %s | %s | %s |\n", what, bytes / 1e6, t / 1000, wc / 1000, ratio(wc, most_wc),
        (rg > 0 ? sprintf("%.1f", rg / 1000) : "-"), ratio(rg, most_rg),
        (peak > 0 ? sprintf("%.1f%s", peak / 1024, limit(peak / 1024, most_mb)) : "-")
    }'
}

# Compares on the set $2, with what it is called and the limits.
compare() {
  local what=$1 set=$folder/$2 most_wc=$3 most_rg=$4 most_mb=$5
  local scan="$lakegate scan $set -i $custom --format json -q --no-progress -j 2"
  local commands=("$scan" "wc -l $set/*")
  [ -z "$rg" ] || commands+=("$rg --no-config -j 2 --count-matches '$uuid' $set")
  measure "$runs" "${commands[@]}"
  row "$what" "$(cat "$set"/* | wc -c)" "${times[0]}" "${times[1]}" "${times[2]:-0}" "$(peak "$scan")" \
    "$most_wc" "$most_rg" "$most_mb"
}

# How much longer than doing nothing a scan of the small file $2 takes; such commands are so short that ten times the runs
# are made.
start_up() {
  local what=$1 file=$2 most=$3 arguments=$4
  local scan="$lakegate scan $file $arguments --format json -q --no-progress -j 2"
  measure $((10 * runs)) "$scan" "$(type -P true)"
  awk -v what="$what" -v t="${times[0]}" -v nothing="${times[1]}" -v most="$most" -v peak="$(peak "$scan")" 'BEGIN {
    more = (t - nothing) / 1000
    printf "| %s | %.1f | %.1f | %.1f (<= %s%s) | %s |\n", what, t / 1000, nothing / 1000, more, most,
      (more > most ? ", MISSED" : ""), (peak > 0 ? sprintf("%.1f", peak / 1024) : "-")
  }'
}

synthea() { make_set synthea '*.csv' --preset april-2020; }

# Rows of one table stand together, so the small files and the numbers of identifiers come after the sets.
printf 'Medians of %s runs, %s cores, two threads; all 166 managed and three custom identifiers.\n\n' "$runs" "$(nproc)"
header='| set | MB | lakegate ms | wc -l ms | / wc -l | ripgrep ms | / ripgrep | peak MB |\n|---|---:|---:|---:|---:|---:|---:|---:|\n'
for set in "${sets[@]}"; do
  case $set in
    synthea)
      synthea
      printf "$header" && header=
      compare "Synthea, April 2020" synthea 3.5 0.33 48
      ;;
    large)
      make_set large '*.csv' --preset april-2020 --grow-to 1GB
      printf "$header" && header=
      compare "the same grown to 1 GB" large 5 0.25 48
      ;;
    notes)
      make_set notes notes.csv --patients 1 --also notes --also-size 40MB
      printf "$header" && header=
      compare "free text in quoted cells" notes 10 1.0 48
      ;;
    log)
      make_set log booking.log --patients 1 --also log --also-size 40MB
      printf "$header" && header=
      compare "log" log 10 1.0 48
      ;;
    jsonl)
      make_set jsonl observations.jsonl --preset april-2020 --also observations-jsonl
      printf "$header" && header=
      compare "observations as JSON Lines" jsonl 10 - 48
      ;;
    file | identifiers) ;;
    *)
      echo "unknown set $set: known are synthea large notes log jsonl file identifiers" >&2
      exit 2
      ;;
  esac
done

if [[ " ${sets[*]} " == *" file "* ]]; then
  synthea
  head -c 20000 "$folder/synthea/patients.csv" | sed '$d' > "$folder/patients-20k.csv"
  head -c 1024 "$folder/synthea/encounters.csv" | sed '$d' > "$folder/encounters-1k.csv"
  printf '\n| one small file | lakegate ms | true ms | ms more | peak MB |\n|---|---:|---:|---:|---:|\n'
  start_up "20 kB of patients, managed" "$folder/patients-20k.csv" 8 ""
  start_up "20 kB of patients, managed and custom" "$folder/patients-20k.csv" 8 "-i $custom"
  start_up "1 kB of encounters, managed and custom" "$folder/encounters-1k.csv" 8 "-i $custom"
fi

if [[ " ${sets[*]} " == *" identifiers "* ]]; then
  synthea
  many_custom
  twenty=$("$lakegate" identifiers list | awk '/^  [A-Z]/ { print $1 }' | awk 'NR % 8 == 1 && n++ < 20' | paste -sd,)
  scan="$lakegate scan $folder/synthea --format json -q --no-progress -j 2"
  measure "$runs" "$scan --managed $twenty" "$scan" "$scan -i $folder/custom-500.yaml"
  printf '\n| identifiers on the Synthea set | ms | / 20 managed |\n|---|---:|---:|\n'
  names=("20 managed" "166 managed" "166 managed and 500 custom")
  for index in 0 1 2; do
    awk -v name="${names[index]}" -v t="${times[index]}" -v base="${times[0]}" \
      'BEGIN { printf "| %s | %.1f | %.2f |\n", name, t / 1000, t / base }'
  done
fi
