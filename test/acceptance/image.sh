#!/usr/bin/env bash
# Runs dist/gatehouse-cpu.tar (docker/build-image.sh) as docker/compose.yaml does, with less around it:
# a read-only root, no network but loopback, no capabilities. Health, a match, a chip session, the end.
# Usage: image.sh IMAGE_A IMAGE_B, two pictures of one person   (needs root, podman and runc)
set -euo pipefail
checkout=$(realpath "$(dirname "$0")/../..")
image_a=$(realpath "$1") image_b=$(realpath "$2")
work=$(mktemp -d)
podman() {
  command podman --root "$work/store" --runroot "$work/run" --storage-driver vfs --runtime runc \
    --cgroup-manager cgroupfs --events-backend file "$@"
}
trap 'podman rm -f gatehouse > /dev/null 2>&1 || true; rm -rf "$work"' EXIT
gatehouse() { podman exec gatehouse /usr/bin/gatehouse "$@"; }

name=$(podman load --quiet --input "$checkout/dist/gatehouse-cpu.tar" | sed -n '1s/^Loaded image: //p')
mkdir "$work/data"
cat > "$work/data/clients.json" <<'END'
{ "clients": [ { "name": "acceptance", "client_id": "acceptance-client-0", "return_result": true } ] }
END
chmod 600 "$work/data/clients.json"
chown -R 998:998 "$work/data"

# podman asks systemd to run health checks; where there is none it says so and starts the container.
podman run --detach --name gatehouse --network none --read-only --read-only-tmpfs=false \
  --tmpfs /tmp:rw,exec,mode=1777,size=256m --cap-drop all --security-opt no-new-privileges \
  --ulimit nofile=20000:20000 --ulimit nproc=4096:4096 --volume "$work/data:/opt/data" \
  --env GATEHOUSE_DOCVAL_CLIENTS=/opt/data/clients.json "$name" 2> /dev/null > "$work/id"
for _ in $(seq 100); do
  podman healthcheck run gatehouse > /dev/null 2>&1 && break
  sleep 0.1
done
podman healthcheck run gatehouse
echo 'health check of the image: healthy'

pid=$(podman inspect gatehouse --format '{{.State.Pid}}')
[ "$(awk '/^Uid:/ { print $2, $3 }' "/proc/$pid/status")" = '998 998' ]
[ "$(awk '/^CapEff:/ { print $2 }' "/proc/$pid/status")" = 0000000000000000 ]
awk '$5 == "/" { print $6 }' "/proc/$pid/mountinfo" | grep -qw ro
[ "$(nsenter --target "$pid" --net ip -o link | wc -l)" = 1 ]
if tar -xOf "$checkout/dist/gatehouse-cpu.tar" --wildcards '*.tar' | tar -t | grep -E 'bin/' |
  grep -v '^usr/bin/\(gatehouse\)\?$'; then
  echo 'the image holds another program'
  exit 1
fi
echo 'user 998, no capability, read-only root, loopback only, no other program'

printf '{"image":{"template":"%s","format":"JPEG"},"imageToVerifyAgainst":{"template":"%s","format":"JPEG"},"level":"HIGH"}' \
  "$(base64 -w0 "$image_a")" "$(base64 -w0 "$image_b")" > "$work/body"
nsenter --target "$pid" --net curl -sf -H 'content-type: application/json' --data-binary @"$work/body" \
  http://127.0.0.1:8080/api/v1/matchWithSelfie | tee "$work/answer"
echo
grep -q '"possibleMatch":true' "$work/answer"

relay=(chip relay --url ws://127.0.0.1:8080/ws1/validate --client-id acceptance-client-0)
# Nobody vouches for the specimen yet: the session ends with a result that says so.
if gatehouse "${relay[@]}" --trust-out /tmp/specimen > "$work/unknown" 2> /dev/null; then exit 1; fi
grep -q '^passive authentication  false' "$work/unknown"
gatehouse pki import /tmp/specimen/csca.cer /tmp/specimen/ds.crl
gatehouse "${relay[@]}"

podman stop --time 20 gatehouse > /dev/null
[ "$(podman inspect gatehouse --format '{{.State.ExitCode}}')" = 0 ]
podman logs gatehouse 2> /dev/null | tail -1 | grep -q '"event":"stopped","complete":true'
[ "$(stat -c %u:%g:%a "$work/data/keys/verdict-signing.pem")" = 998:998:600 ]
echo 'image test passed'
