#!/usr/bin/env bash
# Builds the program a second time, as another machine would: another folder on another file system,
# packages installed afresh, another time zone, language, umask and number of cores. The two programs
# must be equal to the byte. Usage: reproducible-build.sh   (after "npm run build")
set -euo pipefail
checkout=$(realpath "$(dirname "$0")/../..")
first=$checkout/dist/gatehouse
[ -f "$first" ] || { echo 'run "npm run build" first'; exit 1; }
# A file system in memory lists its folders in an order of its own.
work=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo /tmp)" 'gatehouse build.XXXXXX')
trap 'rm -rf "$work"' EXIT

mkdir "$work/a copy"
cd "$checkout"
git ls-files -z | xargs -0 cp --parents -t "$work/a copy"
cd "$work/a copy"
npm ci --no-audit --no-fund --loglevel=error
umask 077
TZ=Asia/Tokyo LC_ALL=C taskset -c 0 npm run -s build

sha256sum "$first" dist/gatehouse | cut -c1-64
cmp "$first" dist/gatehouse
if grep -aqF "$checkout" "$first"; then
  echo 'the program holds the path of its checkout'
  exit 1
fi
echo 'two builds, the same bytes'
