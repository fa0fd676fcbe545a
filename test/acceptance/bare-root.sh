#!/usr/bin/env bash
# Runs dist/gatehouse with nothing around it: a root folder that holds the program and the C and C++
# runtime libraries only, mounted read-only, one temp and one data folder, no network but loopback,
# an ordinary user. Usage: bare-root.sh IMAGE_A IMAGE_B   (needs root for the namespaces)
set -euo pipefail
program=$(realpath "$(dirname "$0")/../../dist/gatehouse")
image_a=$(realpath "$1") image_b=$(realpath "$2")
root=$(mktemp -d /tmp/gatehouse-root.XXXXXX)
trap 'rm -rf "$root"' EXIT

mkdir -p "$root"/{proc,tmp,data,lib64,lib/x86_64-linux-gnu,pictures}
for library in ld-linux-x86-64.so.2 libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 \
  libresolv.so.2 libstdc++.so.6 libgcc_s.so.1; do
  cp -L "$(ldconfig -p | awk -v name="$library" '$1 == name && /x86-64/ { print $NF; exit }')" \
    "$root/lib/x86_64-linux-gnu/"
done
cp -L "$root/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" "$root/lib64/"
cp "$program" "$root/gatehouse"
cp "$image_a" "$root/pictures/a.jpg"
cp "$image_b" "$root/pictures/b.jpg"
chmod -R a+rX "$root"

cat > "$root/../$(basename "$root").inside" <<'INSIDE'
set -eu
root=$1
ip link set lo up
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=0700,uid=1000,gid=1000 tmpfs "$root/tmp"
mount -t tmpfs -o mode=0700,uid=1000,gid=1000 tmpfs "$root/data"
mount -o remount,bind,ro "$root"
gatehouse() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/tmp GATEHOUSE_DATA=/data "${@:2}" chroot --userspec=1000:1000 "$root" /gatehouse $1; }
gatehouse version
gatehouse 'match /pictures/a.jpg /pictures/b.jpg'
gatehouse doctor

for start in cold warm; do
  began=$(date +%s%N)
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/tmp GATEHOUSE_DATA=/data GATEHOUSE_WORKERS=2 \
    chroot --userspec=1000:1000 "$root" /gatehouse serve > "$root/tmp/log" 2>&1 &
  server=$!
  until [ "$(curl -s http://127.0.0.1:8080/api/v1/face_health || true)" = OK ]; do
    kill -0 $server || { cat "$root/tmp/log"; exit 1; }
    sleep 0.02
  done
  echo "$start start to the first healthy answer: $((($(date +%s%N) - began) / 1000000)) ms"
  if [ $start = warm ]; then
    printf '{"image":{"template":"%s","format":"JPEG"},"imageToVerifyAgainst":{"template":"%s","format":"JPEG"},"level":"HIGH"}' \
      "$(base64 -w0 "$root/pictures/a.jpg")" "$(base64 -w0 "$root/pictures/b.jpg")" > "$root/tmp/body"
    for request in 1 2 3 4 5 6 7 8; do
      curl -sf -H 'content-type: application/json' --data-binary @"$root/tmp/body" \
        http://127.0.0.1:8080/api/v1/matchWithSelfie > "$root/tmp/answer"
    done
    cat "$root/tmp/answer"; echo
    grep -q '"possibleMatch":true' "$root/tmp/answer"
    echo "memory with two workers: $(awk '/VmRSS/ { print int($2 / 1024) " MiB" }' "$root/proc/$server/status")"
  fi
  kill -TERM $server
  wait $server
done
INSIDE
unshare --net --mount --pid --fork bash "$root/../$(basename "$root").inside" "$root"
rm -f "$root/../$(basename "$root").inside"
