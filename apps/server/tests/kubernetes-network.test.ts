import { BlockList } from 'node:net';
import type { Deployment } from 'kubernetes-types/apps/v1.d.ts';
import type { LabelSelector } from 'kubernetes-types/meta/v1.d.ts';
import type { ConfigMap, PersistentVolumeClaim, PodSpec } from 'kubernetes-types/core/v1.d.ts';
import type {
  IPBlock,
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyPeer,
} from 'kubernetes-types/networking/v1.d.ts';
import { describe, expect, test } from 'vitest';
import { renderFolder, without, type Manifest } from './deployment-files.ts';

const missing = without('kustomize');

type Labels = Readonly<Record<string, string>>;

/** Somebody whom a pod calls. */
interface Destination {
  readonly port: number;
  /** Outside of the cluster, or a pod that is told by its namespace */
  readonly address?: string;
  readonly namespace?: string;
}

describe.skipIf(missing !== '')(`who reaches whom in Kubernetes${missing}`, () => {
  const manifests = missing === '' ? renderFolder('example') : [];
  const all = <T>(kind: string): (Manifest & T)[] =>
    manifests.filter((manifest): manifest is Manifest & T => manifest.kind === kind);
  const policies = all<NetworkPolicy>('NetworkPolicy');
  const workloads = ['Deployment', 'StatefulSet', 'Job'].flatMap((kind) => all<Deployment>(kind));
  const labelsOf = (name: string): Labels =>
    workloads.find(({ metadata }) => metadata.name === name)?.spec?.template.metadata?.labels ?? {};
  const podOf = (name: string): PodSpec | undefined =>
    workloads.find(({ metadata }) => metadata.name === name)?.spec?.template.spec;
  const servers = ['recourse-api', 'recourse-worker'];
  const reaches = (name: string, to: Destination): boolean =>
    policies
      .filter(({ spec }) => isChosen(spec?.podSelector, labelsOf(name)))
      .flatMap(({ spec }) => spec?.egress ?? [])
      .some((rule) => lets(rule, to));

  test('the selector of the migration takes all that its Job needs, and nothing else', () => {
    const chosen = manifests.filter(
      ({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === 'recourse-migrate',
    );
    expect(chosen.map(({ kind }) => kind).toSorted()).toEqual([
      'Job',
      'NetworkPolicy',
      'ServiceAccount',
    ]);
    const account = chosen.find(({ kind }) => kind === 'ServiceAccount');
    expect(podOf('recourse-migrate')?.serviceAccountName).toBe(account?.metadata.name);
  });

  test('a migration is watched and called as no server is', () => {
    const migration = labelsOf('recourse-migrate');
    const choosing = [
      ...policies
        .filter(({ spec }) => (spec?.ingress ?? []).length > 0)
        .map(({ spec }) => spec?.podSelector),
      ...all<{ spec: { selector: LabelSelector } }>('PodMonitor').map(({ spec }) => spec.selector),
    ];
    expect(choosing.length).toBe(3);
    for (const selector of choosing) {
      expect(isChosen(selector, migration)).toBe(false);
      for (const name of servers) expect(isChosen(selector, labelsOf(name))).toBe(true);
    }
  });

  test('a migration reaches its database, and nothing else', () => {
    expect(reaches('recourse-migrate', { port: 5432, address: '10.0.0.1' })).toBe(true);
    expect(reaches('recourse-migrate', { port: 443, address: '192.0.2.1' })).toBe(false);
  });

  test.each<[string, Destination]>([
    ['PostgreSQL', { port: 5432, address: '10.0.0.1' }],
    ['PgBouncer', { port: 6432, address: '10.0.0.10' }],
    ['a witness of your own', { port: 8470, address: '10.0.0.9' }],
    ['a collector of OpenTelemetry', { port: 4318, namespace: 'monitoring' }],
    ['a mail relay of your own', { port: 587, address: '10.0.0.25' }],
    ['witnesses of members, by HTTPS', { port: 443, address: '192.0.2.1' }],
    ['a mail server outside', { port: 465, address: '192.0.2.1' }],
  ])('servers reach %s', (_, to) => {
    expect(servers.map((name) => reaches(name, to))).toEqual([true, true]);
  });

  test.each<[string, Destination]>([
    ['the metadata of the cloud', { port: 80, address: '169.254.169.254' }],
    ['other services of the network', { port: 443, address: '10.0.0.7' }],
    ['other pods', { port: 8080, namespace: 'shop' }],
  ])('servers do not reach %s', (_, to) => {
    expect(servers.map((name) => reaches(name, to))).toEqual([false, false]);
  });

  test('servers share one folder for checkpoints, which several nodes write', () => {
    const [settings] = all<ConfigMap>('ConfigMap');
    const folder = settings?.data?.['RECOURSE_CHECKPOINTS_DIR'];
    const claims = servers.map((name) => {
      const pod = podOf(name);
      const mount = pod?.containers[0]?.volumeMounts?.find(({ mountPath }) => mountPath === folder);
      return pod?.volumes?.find((volume) => volume.name === mount?.name)?.persistentVolumeClaim
        ?.claimName;
    });
    const [claim] = all<PersistentVolumeClaim>('PersistentVolumeClaim');
    expect(claims).toEqual([claim?.metadata.name, claim?.metadata.name]);
    expect(claim?.spec?.accessModes).toEqual(['ReadWriteMany']);
  });
});

function isChosen(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector?.matchExpressions) throw new Error('no test reads expressions');
  return Object.entries(selector?.matchLabels ?? {}).every(([key, text]) => labels[key] === text);
}

const lets = ({ ports, to }: NetworkPolicyEgressRule, { port, ...where }: Destination): boolean =>
  (ports === undefined || ports.some((one) => one.port === port)) &&
  (to === undefined || to.some((peer) => isPeer(peer, where)));

function isPeer(
  { ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer,
  { address, namespace = '' }: Omit<Destination, 'port'>,
): boolean {
  if (address !== undefined) return ipBlock !== undefined && isIn(ipBlock, address);
  if (!namespaceSelector || podSelector) return false;
  return isChosen(namespaceSelector, { 'kubernetes.io/metadata.name': namespace });
}

function isIn({ cidr, except = [] }: IPBlock, address: string): boolean {
  const holds = (network: string): boolean => {
    const [base = '', bits] = network.split('/');
    if (base.includes(':')) return false;
    const list = new BlockList();
    list.addSubnet(base, Number(bits));
    return list.check(address);
  };
  return holds(cidr) && !except.some(holds);
}
