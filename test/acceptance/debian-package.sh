#!/usr/bin/env bash
# Installs the .deb of packaging/build-deb.sh in a Debian of its own that runs systemd: the service, a
# match, settings that survive, removal that keeps the data, and a purge that leaves nothing.
# Usage: debian-package.sh IMAGE_A IMAGE_B, two pictures of one person
# (needs root, debootstrap, systemd-container)
set -euo pipefail
image_a=$(realpath "$1") image_b=$(realpath "$2")
. "$(dirname "$0")/support/debian-root.sh"

# Everything there is, with its mode and owner, but for what any installation and any boot touches.
listing() {
  (cd "$root" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./run -o -path ./tmp \
    -o -path ./var/tmp -o -path ./var/log -o -path ./var/lib/dpkg -o -path ./var/lib/systemd/timers \
    -o -path ./var/cache/ldconfig \) -prune -o \
    -not -name 'passwd-' -not -name 'group-' -not -name 'shadow-' -not -name 'gshadow-' \
    -printf '%p %m %u:%g\n' | LC_ALL=C sort)
  (cd "$root" && cat etc/passwd etc/group etc/shadow etc/gshadow)
}

make_root
boot_root
listing > "$work/before"
cp "$checkout"/dist/gatehouse_*_amd64.deb "$root/root/package.deb"

inside dpkg -i /root/package.deb > "$work/install.log" 2>&1 || { cat "$work/install.log"; exit 1; }
wait_healthy
[ "$(inside systemctl is-enabled gatehouse)" = enabled ]
pid=$(inside systemctl show --property MainPID --value gatehouse)
user=$(inside id -u gatehouse)
[ "$(inside stat -c %u "/proc/$pid")" = "$user" ]
[ "$(inside stat -c %U:%a /var/lib/gatehouse /var/lib/gatehouse/keys/verdict-signing.pem | tr '\n' ' ')" = \
  'gatehouse:700 gatehouse:600 ' ]
inside awk '/^(CapEff|NoNewPrivs|Seccomp):/ { print $2 }' "/proc/$pid/status" | tr '\n' ' ' |
  grep -q '^0000000000000000 1 2'
match_inside "$image_a" "$image_b"
inside systemd-analyze security gatehouse.service --no-pager | tail -1
echo 'installed: enabled, healthy, a match; own user, no capability, system calls filtered'

key=$(inside sha256sum /var/lib/gatehouse/keys/verdict-signing.pem)
printf '\n[server]\nworkers = 1\n' >> "$root/etc/gatehouse/gatehouse.toml"
inside gatehouse config check
inside dpkg -i /root/package.deb > "$work/again.log" 2>&1
wait_healthy
grep -q '^workers = 1' "$root/etc/gatehouse/gatehouse.toml"
inside journalctl --no-pager --unit gatehouse --output cat | grep engine-ready | tail -1 | grep -q '"workers":1'
[ "$key" = "$(inside sha256sum /var/lib/gatehouse/keys/verdict-signing.pem)" ]
echo 'installed again: settings and keys are kept'

inside dpkg --remove gatehouse > /dev/null 2>&1
if inside systemctl is-active --quiet gatehouse; then exit 1; fi
[ "$key" = "$(inside sha256sum /var/lib/gatehouse/keys/verdict-signing.pem)" ]
[ ! -e "$root/usr/bin/gatehouse" ]
inside dpkg --purge gatehouse > /dev/null 2>&1
rm "$root/root/package.deb"
listing > "$work/after"
if ! diff "$work/before" "$work/after"; then
  echo 'the purge left something'
  exit 1
fi
if inside dpkg-query -W gatehouse > /dev/null 2>&1; then exit 1; fi
echo 'removed: data kept; purged: nothing left'
echo 'package test passed'
