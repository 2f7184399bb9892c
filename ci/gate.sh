#!/bin/sh
# Scans a folder and runs a command only if nothing speaks against it:
#
#   ci/gate.sh drop/ aws s3 sync drop/ s3://my-data-lake/drop/
#
# LAKEGATE_OPTIONS are more options of `lakegate scan`, separated by spaces. Without a command it only decides.
set -u
if [ "$#" -lt 1 ]; then
  echo "usage: $0 FOLDER [COMMAND [ARGUMENT...]]" >&2
  exit 2
fi
folder=$1
shift
# The options are words that are meant to be split.
# shellcheck disable=SC2086
lakegate scan --no-progress --fail-on medium ${LAKEGATE_OPTIONS:-} -- "$folder"
status=$?
case $status in
  0) ;;
  1) echo "gate: findings in $folder; nothing was run" >&2 ;;
  3) echo "gate: not everything in $folder could be examined; nothing was run" >&2 ;;
  *) echo "gate: lakegate could not scan $folder; nothing was run" >&2 ;;
esac
if [ "$status" -ne 0 ]; then
  exit "$status"
fi
if [ "$#" -gt 0 ]; then
  exec "$@"
fi
