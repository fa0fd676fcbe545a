#!/usr/bin/env bash
# Makes the release bundle twice, from dist/, with a key made for it; checks it with the program and with
# tar, openssl and sha256sum; changes it in one place and expects a refusal; and holds the bills of
# materials against the published schema of CycloneDX, from an npm package.
# Usage: bundle.sh   (after npm run build, packaging/build-deb.sh, docker/build-image.sh)
set -euo pipefail
dist=$(realpath "$(dirname "$0")/../../dist")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

openssl genpkey -algorithm ed25519 -out release.pem
openssl pkey -in release.pem -pubout -out release.pub
openssl genpkey -algorithm ed25519 -out other.pem
openssl pkey -in other.pem -pubout -out other.pub
"$dist/gatehouse" chip relay --url ws://127.0.0.1:9/ --client-id none --trust-out specimen > /dev/null 2>&1 || true
make() {
  "$dist/gatehouse" bundle "$1" --sign release.pem --deb "$dist"/gatehouse_*_amd64.deb \
    --image "$dist/gatehouse-cpu.tar" --trust specimen/csca.cer --trust specimen/ds.crl
}
make first.tar
make second.tar > /dev/null
cmp first.tar second.tar
rm second.tar
"$dist/gatehouse" bundle verify first.tar --key release.pub
if "$dist/gatehouse" bundle verify first.tar --key other.pub; then exit 1; fi

mkdir out
tar -xf first.tar -C out
(cd out && openssl pkeyutl -verify -pubin -inkey ../release.pub -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig &&
  sha256sum -c --quiet SHA256SUMS)
cmp out/program/gatehouse "$dist/gatehouse"
out/program/gatehouse models verify out/models/default-1.0.0.gpack --key release.pub --require-signature | tail -1
ls out/licences | wc -l

# One byte, somewhere in the middle.
printf '\377' | dd of=first.tar bs=1 seek=250000000 conv=notrunc status=none
if "$dist/gatehouse" bundle verify first.tar --key release.pub; then exit 1; fi

cat > package.json <<'END'
{ "private": true, "type": "module", "dependencies": {
  "@cyclonedx/cyclonedx-library": "10.3.0", "ajv": "8.20.0", "ajv-formats": "3.0.1", "ajv-formats-draft2019": "1.6.1"
} }
END
npm install --no-audit --no-fund --loglevel=error > /dev/null
cat > validate.mjs <<'END'
import { readFileSync } from 'node:fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
for (const path of process.argv.slice(2)) {
  const text = readFileSync(path, 'utf8');
  const wrong = await validator.validate(text);
  if (wrong !== null) {
    console.error(path, JSON.stringify(wrong, null, 1).slice(0, 2000));
    process.exit(1);
  }
  const broken = await validator.validate(text.replace('"type"', '"typ"'));
  if (broken === null) throw new Error('the validator accepts anything');
  console.log(`${path}: valid CycloneDX 1.6, ${JSON.parse(text).components.length} components`);
}
END
node validate.mjs out/sbom/*.cdx.json
echo 'bundle test passed'
