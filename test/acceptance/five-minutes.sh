#!/usr/bin/env bash
# From the release bundle to the first verified passport and matched face, by the commands of
# docs/install.md as they stand there, each way timed: the program alone in a bare Debian as an ordinary
# user, the package in a Debian that runs systemd, the image. Nothing comes from a network.
# Usage: five-minutes.sh IMAGE_A IMAGE_B [bare|debian|container ...]
# (after npm run build, packaging/build-deb.sh, docker/build-image.sh; needs root, debootstrap,
# systemd-container, podman, podman-compose, runc)
set -euo pipefail
image_a=$(realpath "$1") image_b=$(realpath "$2")
shift 2
. "$(dirname "$0")/support/debian-root.sh"
dist=$checkout/dist
[ $# -gt 0 ] || set -- bare debian container

# The commands of one way, as the page has them.
commands() { awk -v way="$1" '$0 == "```sh " way { on = 1; next } $0 == "```" { on = 0 } on' "$checkout/docs/install.md"; }

site=$work/site
mkdir "$site"
openssl genpkey -algorithm ed25519 -out "$work/release.pem"
openssl pkey -in "$work/release.pem" -pubout -out "$site/release.pub"
"$dist/gatehouse" bundle "$site/gatehouse-0.1.0.tar" --sign "$work/release.pem" \
  --deb "$dist/gatehouse_0.1.0_amd64.deb" --image "$dist/gatehouse-cpu.tar"
cp "$image_a" "$site/a.jpg"
cp "$image_b" "$site/b.jpg"

# openssl is on the machine of the operator, not in the bare Debian.
began=$(date +%s)
(cd "$site" && commands check | sh -e)
echo "check: $(($(date +%s) - began)) s"

# What has to stand in the end: the match, and the passport, which was not trusted before.
judge() {
  grep -q '^verdict *match' "$work/$1.log" &&
    [ "$(grep -c '^passive authentication  false' "$work/$1.log")" = 1 ] &&
    grep '^passive authentication' "$work/$1.log" | tail -1 | grep -q true || { cat "$work/$1.log"; exit 1; }
  echo "$1: first passport and first match after $2 s"
}

bare() {
  make_root
  mkdir -p "$root/home/operator"
  cp -a "$site/." "$root/home/operator/"
  { echo 'cd /home/operator/gatehouse'; commands bare; } > "$root/home/operator/way.sh"
  chown -R 1000:1000 "$root/home/operator"
  local began; began=$(date +%s)
  unshare --net --mount --pid --fork bash -e -c '
    ip link set lo up
    mount -t proc proc "$1/proc"
    exec chroot --userspec=1000:1000 "$1" env -i PATH=/usr/bin:/bin HOME=/home/operator timeout 300 sh -e /home/operator/way.sh
  ' way "$root" > "$work/bare.log" 2>&1 || { cat "$work/bare.log"; exit 1; }
  judge bare $(($(date +%s) - began))
  rm -rf "$root"
}

debian() {
  make_root
  boot_root
  cp -a "$site" "$root/root/site"
  { echo 'cd /root/site/gatehouse'; commands debian; } > "$root/root/way.sh"
  local began; began=$(date +%s)
  inside timeout 300 sh -e /root/way.sh > "$work/debian.log" 2>&1 || { cat "$work/debian.log"; exit 1; }
  judge debian $(($(date +%s) - began))
  halt_root
  rm -rf "$root"
}

# Docker's commands, done by podman with a store of its own.
docker() {
  case $1 in
    compose) shift && podman-compose "$@" ;;
    *) podman "$@" ;;
  esac
}
with_podman() { timeout 300 bash -e -c "$(declare -f docker); $(commands "$1")"; }

# Ends what the compose file started; the network is named after its folder.
stop_containers() {
  [ -f "$work/storage.conf" ] || return 0
  podman rm --force --all > /dev/null 2>&1 || true
  podman network rm --force deploy_default > /dev/null 2>&1 || true
}
trap 'stop_containers; halt_root; rm -rf "$work"' EXIT

container() {
  printf '[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n[containers]\ndefault_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]\n' > "$work/containers.conf"
  printf '[storage]\ndriver = "vfs"\ngraphroot = "%s"\nrunroot = "%s"\n' "$work/store" "$work/run" > "$work/storage.conf"
  export CONTAINERS_CONF=$work/containers.conf CONTAINERS_STORAGE_CONF=$work/storage.conf
  local began; began=$(date +%s)
  (cd "$site/gatehouse" && with_podman container) > "$work/container.log" 2>&1 ||
    { cat "$work/container.log"; exit 1; }
  judge container $(($(date +%s) - began))
  (cd "$site/gatehouse/deploy/data" && "$dist/gatehouse" license keygen "$work/vendor.key" > /dev/null &&
    "$dist/gatehouse" license issue --key "$work/vendor.key" --customer 'Bank of Utopia' \
      --expires "$(date -u -d '+1 year' +%F)" --url app.example.org --feature face-match --feature docval --out lic_config.json > /dev/null &&
    cp "$work/vendor.key.pub" .)
  (cd "$site/gatehouse/deploy" && with_podman licensed) > "$work/licensed.log" 2>&1 ||
    { cat "$work/licensed.log"; exit 1; }
  grep -q gh_ "$work/licensed.log" || { cat "$work/licensed.log"; exit 1; }
  curl --silent --include --cacert "$site/gatehouse/deploy/data/tls.crt" https://localhost:8080/readyz > "$work/answer.log"
  if grep -qi '^gatehouse-licence' "$work/answer.log" || ! head -1 "$work/answer.log" | grep -q ' 200'; then
    cat "$work/answer.log"
    exit 1
  fi
  echo 'container: licensed, with TLS at the port of the host'
}

for way in "$@"; do "$way"; done
echo 'five-minute test passed'
