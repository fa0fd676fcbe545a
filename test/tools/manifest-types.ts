/**
 * Turns rendered Kubernetes manifests into TypeScript whose constants have the types of the Kubernetes API,
 * so that the compiler finds unknown fields and wrong types. Run by test/acceptance/chart.sh.
 */

import { argv } from 'node:process';

/** `apiVersion` of a custom resource -> the package that has its types. */
const PACKAGES: Readonly<Record<string, string>> = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
}

const [path] = argv.slice(2);
const documents = Bun.YAML.parse(await Bun.file(path).text()) as KubernetesObject[];
documents.forEach((document, i) => {
  const { apiVersion, kind } = document;
  const from = `${PACKAGES[apiVersion.split('/')[0]] ?? 'kubernetes-models'}/${apiVersion}`;
  console.log(`import type { I${kind} as Type${i} } from '${from}';`);
  console.log(`export const document${i}: Type${i} = ${JSON.stringify(document, null, 2)};`);
});
