# A Debian of its own to install packages in: made once by debootstrap and kept in .cache, booted with
# systemd by systemd-nspawn, with no network but loopback. Sourced by the scripts beside; needs root.
# Sets $root (the folder) and $leader (its first process); inside COMMAND runs a command there.

checkout=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../..")
base=$checkout/.cache/debian-root.tar
work=$(mktemp -d)
root=$work/root
nspawn='' leader=''

halt_root() {
  if [ -n "$nspawn" ]; then
    # SIGRTMIN+3 is "halt" to systemd.
    kill -s "$(($(kill -l RTMIN) + 3))" "$leader" 2> /dev/null || true
    wait "$nspawn" || true
    nspawn=''
  fi
}
trap 'halt_root; rm -rf "$work"' EXIT

make_root() {
  if [ ! -f "$base" ]; then
    echo 'debootstrap, once'
    debootstrap --variant=minbase --include=systemd,systemd-sysv,adduser,libstdc++6,dbus \
      bookworm "$work/new" > "$work/debootstrap.log" 2>&1 || { tail "$work/debootstrap.log"; exit 1; }
    mkdir -p "$(dirname "$base")"
    tar -cf "$base.part" -C "$work/new" . && mv "$base.part" "$base"
    rm -rf "$work/new"
  fi
  mkdir "$root"
  tar -xf "$base" -C "$root"
}

boot_root() {
  systemd-nspawn --quiet --directory "$root" --private-network --register=no --keep-unit --boot \
    > "$work/boot.log" 2>&1 < /dev/null &
  nspawn=$!
  for _ in $(seq 100); do
    leader=$(pgrep --parent "$nspawn" || true)
    [ -n "$leader" ] && inside systemctl is-system-running --wait > /dev/null 2>&1 && return
    # "degraded" is what a container reports whose kernel is not its own.
    [ -n "$leader" ] && [ "$(inside systemctl is-system-running 2> /dev/null)" = degraded ] && return
    kill -0 "$nspawn" || { tail "$work/boot.log"; exit 1; }
    sleep 0.2
  done
  echo 'the root did not boot'
  tail "$work/boot.log"
  exit 1
}

inside() {
  nsenter --target "$leader" --all env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"
}

# Waits for the server of the root to be healthy.
wait_healthy() {
  for _ in $(seq 100); do
    inside gatehouse health > /dev/null 2>&1 && return
    sleep 0.2
  done
  inside journalctl --no-pager --unit gatehouse | tail -20
  exit 1
}

# Compares two pictures through the API of the root's server.
match_inside() {
  printf '{"image":{"template":"%s","format":"JPEG"},"imageToVerifyAgainst":{"template":"%s","format":"JPEG"},"level":"HIGH"}' \
    "$(base64 -w0 "$1")" "$(base64 -w0 "$2")" > "$work/body"
  nsenter --target "$leader" --net curl -sf -H 'content-type: application/json' \
    --data-binary @"$work/body" http://127.0.0.1:8080/api/v1/matchWithSelfie | grep -q '"possibleMatch":true'
}
