#!/usr/bin/env bash
# Upgrade and rollback of an installed package whose data changes. Builds a next version that keeps the
# trust store in another place, with the migration that moves it; installs this version, then the next,
# then this one again, which must refuse the newer data and run on the backup; then the next once more.
# Each time the installation's key is the same and a passport is verified against the imported trust.
# Usage: upgrade.sh   (after packaging/build-deb.sh; needs root, debootstrap, systemd-container)
set -euo pipefail
. "$(dirname "$0")/support/debian-root.sh"

as_service() { inside runuser -u gatehouse -- gatehouse "$@"; }
relay() {
  as_service chip relay --url ws://127.0.0.1:8080/ws1/validate --client-id acceptance-client-0 "$@" 2> /dev/null
}
key() { inside sha256sum /var/lib/gatehouse/keys/verdict-signing.pem; }

next=$work/next
mkdir "$next"
(cd "$checkout" && git ls-files -z | xargs -0 cp --parents -t "$next")
ln -s "$checkout/node_modules" "$next/node_modules"
cd "$next"
sed -i 's/^  "version": ".*",$/  "version": "99.0.0",/' package.json
sed -i "s|, 'trust')|, 'anchors')|" cli/trust-folder.ts cli/serve.ts
sed -i "s|= \[\];|= [(folder) => import('node:fs/promises').then(({ rename }) => rename(\`\${folder}/trust\`, \`\${folder}/anchors\`))];|" \
  server/core/data/migrations.ts
grep -q "'anchors'" cli/trust-folder.ts && grep -q "'anchors'" cli/serve.ts
grep -q 'folder}/anchors' server/core/data/migrations.ts
npm run -s build > "$work/build.log" 2>&1 || { tail "$work/build.log"; exit 1; }
packaging/build-deb.sh > /dev/null
cd "$checkout"

make_root
boot_root
cp "$checkout"/dist/gatehouse_*_amd64.deb "$root/root/this.deb"
cp "$next"/dist/gatehouse_99.0.0_amd64.deb "$root/root/next.deb"
install_package() { inside dpkg -i "/root/$1.deb" > "$work/$1.log" 2>&1 || { cat "$work/$1.log"; exit 1; }; }

install_package this
wait_healthy
cat > "$root/etc/gatehouse/clients.json" <<'END'
{ "clients": [ { "name": "acceptance", "client_id": "acceptance-client-0", "return_result": true } ] }
END
inside chown gatehouse: /etc/gatehouse/clients.json
inside chmod 600 /etc/gatehouse/clients.json
printf '\n[docval]\nclients = "clients.json"\n' >> "$root/etc/gatehouse/gatehouse.toml"
inside systemctl reload gatehouse
wait_healthy
relay --trust-out /tmp/specimen > /dev/null || true
as_service pki import /tmp/specimen/csca.cer /tmp/specimen/ds.crl > /dev/null
relay
first=$(key)
echo "this version: $(inside gatehouse version)"

install_package next
wait_healthy
as_service data status | tee "$work/status"
grep -q '^format *2$' "$work/status"
[ ! -e "$root/var/lib/gatehouse/trust" ]
relay > /dev/null
[ "$(key)" = "$first" ]
echo "upgraded: $(inside gatehouse version), data migrated"

install_package this
for _ in $(seq 50); do
  inside journalctl --no-pager --unit gatehouse --output cat | grep 'this is Gatehouse' | tail -1 > "$work/refusal" || true
  [ -s "$work/refusal" ] && break
  sleep 0.2
done
cat "$work/refusal"
if inside gatehouse health > /dev/null; then exit 1; fi
backup=$(sed -n 's/.*gatehouse data restore \([^ ]*\).*/\1/p' "$work/refusal")
inside systemctl stop gatehouse
as_service data restore "$backup"
inside systemctl reset-failed gatehouse
inside systemctl start gatehouse
wait_healthy
relay > /dev/null
[ "$(key)" = "$first" ]
echo "rolled back: $(inside gatehouse version), data of the backup"

install_package next
wait_healthy
relay > /dev/null
[ "$(key)" = "$first" ]
echo 'upgraded again'
echo 'upgrade test passed'
