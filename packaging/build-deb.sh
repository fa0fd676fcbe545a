#!/usr/bin/env bash
# Packs dist/gatehouse as dist/gatehouse_VERSION_amd64.deb; equal inputs give equal packages. Needs dpkg-deb.
# Usage: packaging/build-deb.sh
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x dist/gatehouse ] || { echo 'run "npm run build" first'; exit 1; }
umask 022
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"

install -D -m 755 dist/gatehouse "$root/usr/bin/gatehouse"
install -D -m 644 packaging/gatehouse.service "$root/lib/systemd/system/gatehouse.service"
install -D -m 644 packaging/gatehouse.toml "$root/etc/gatehouse/gatehouse.toml"
documents=$root/usr/share/doc/gatehouse
install -d "$documents"
install -m 644 docs/*.* "$documents"
install -D -m 644 -t "$documents/licences" dist/parts/licences/*
install -m 644 packaging/debian/copyright "$documents/copyright"
gzip -9n < CHANGELOG.md > "$documents/changelog.gz"

install -d "$root/DEBIAN"
install -m 755 packaging/debian/{postinst,prerm,postrm} "$root/DEBIAN/"
echo /etc/gatehouse/gatehouse.toml > "$root/DEBIAN/conffiles"
(cd "$root" && find etc lib usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
cat > "$root/DEBIAN/control" <<END
Package: gatehouse
Version: $version
Architecture: amd64
Maintainer: Gatehouse maintainers <maintainers@gatehouse.invalid>
Installed-Size: $(du -sk --apparent-size --exclude=DEBIAN "$root" | cut -f1)
Depends: libc6 (>= 2.28), libstdc++6, libgcc-s1 | libgcc1, adduser
Section: net
Priority: optional
Description: identity verification server for sites that are not on the internet
 Compares faces and reads and verifies the chips of passports, through the APIs
 of the products it replaces. One program with everything inside; it makes no
 network call that was not configured and keeps nothing of a person.
END

find "$root" -exec touch --no-dereference --date @0 {} +
# gzip: quick, and known to every dpkg. Its own date is SOURCE_DATE_EPOCH.
SOURCE_DATE_EPOCH=0 dpkg-deb --root-owner-group -Zgzip -z6 --build "$root" \
  "dist/gatehouse_${version}_amd64.deb"
