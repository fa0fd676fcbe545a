#!/usr/bin/env bash
# Builds the image of dist/gatehouse without a registry and writes it as dist/gatehouse-cpu.tar, a file
# for "podman load" and "docker load". The C and C++ runtime libraries are those of this machine, a
# Debian or Ubuntu, with the record that scanners look for. Needs buildah.
# Usage: docker/build-image.sh
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x dist/gatehouse ] || { echo 'run "npm run build" first'; exit 1; }
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
tag=gatehouse:$version-cpu
root=dist/image
store=$(mktemp -d)
trap 'rm -rf "$store"' EXIT
buildah() { command buildah --root "$store/root" --runroot "$store/run" --storage-driver vfs "$@"; }
libraries=(ld-linux-x86-64.so.2 libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1
  libresolv.so.2 libstdc++.so.6 libgcc_s.so.1)
packages=(libc6 libstdc++6 libgcc-s1)

rm -rf "$root"
install -d "$root"/{etc,lib64,usr/bin,usr/lib/x86_64-linux-gnu,var/lib/dpkg/status.d}
ln -s usr/lib "$root/lib"
for library in "${libraries[@]}"; do
  path=$(ldconfig -p | awk -v name="$library" '$1 == name && /x86-64/ && !n++ { print $NF }')
  install -m 755 "$(realpath "$path")" "$root/usr/lib/x86_64-linux-gnu/$library"
done
ln -s ../usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 "$root/lib64/ld-linux-x86-64.so.2"
for package in "${packages[@]}"; do
  dpkg-query -s "$package:amd64" > "$root/var/lib/dpkg/status.d/$package"
  install -D -m 644 "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/copyright"
done
install -m 755 dist/gatehouse "$root/usr/bin/gatehouse"
install -D -m 644 -t "$root/usr/share/doc/gatehouse/licences" dist/parts/licences/*
install -d -m 1777 "$root/tmp"
install -d -m 755 "$root/opt"
install -d -m 700 "$root/opt/data"
# What of Debian is in the image, as a bill of materials (CycloneDX 1.6).
{
  printf '{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"component":'
  printf '{"type":"container","name":"gatehouse","version":"%s"}},"components":[' "$version"
  comma=
  for package in "${packages[@]}"; do
    dpkg-query -W -f "$comma"'{"type":"library","name":"${Package}","version":"${Version}","purl":"pkg:deb/debian/${Package}@${Version}?arch=${Architecture}"}' \
      "$package:amd64"
    comma=,
  done
  printf ']}\n'
} > dist/gatehouse-cpu.cdx.json

printf 'root:x:0:0::/:/nonexistent\ngatehouse:x:998:998::/opt/data:/nonexistent\n' > "$root/etc/passwd"
printf 'root:x:0:\ngatehouse:x:998:\n' > "$root/etc/group"

# HEALTHCHECK is known to the docker format only. A timestamp of 0 makes equal inputs equal layers.
buildah bud --isolation chroot --format docker --timestamp 0 --layers=false \
  --file docker/Containerfile.cpu --tag "$tag" "$root"
buildah push --quiet "$tag" "docker-archive:$store/image.tar:$tag"

# buildah leaves the names of its working container in the image: without them equal inputs are equal
# images. What remains is the archive's newer half, which both podman and docker read.
mkdir "$store/archive"
tar -xf "$store/image.tar" -C "$store/archive"
cd "$store/archive"
find . -mindepth 1 -maxdepth 1 -type d -exec rm -r {} +
rm repositories
sed -i 's/"container":"[0-9a-f]*",//; s/"Hostname":"[0-9a-f]*"/"Hostname":""/g' ./*.json
layer=$(ls ./*.tar | cut -c3-)
config=$(ls ./[0-9a-f]*.json | cut -c3-)
id=$(sha256sum "$config" | cut -c1-64)
[ "$config" = "$id.json" ] || mv "$config" "$id.json"
printf '[{"Config":"%s","RepoTags":["%s"],"Layers":["%s"]}]\n' "$id.json" "$tag" "$layer" > manifest.json
cd - > /dev/null
tar -cf dist/gatehouse-cpu.tar -C "$store/archive" --format ustar --sort name --mtime @0 \
  --owner 0 --group 0 --numeric-owner --mode 644 manifest.json "$id.json" "$layer"
echo "dist/gatehouse-cpu.tar: image $tag, id ${id:0:12}"
