import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Deployment } from 'kubernetes-types/apps/v1.d.ts';
import type { ConfigMap, Container, PodSpec, Service } from 'kubernetes-types/core/v1.d.ts';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.d.ts';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1.d.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { at, renderFolder, unreadVariables, without, type Manifest } from './deployment-files.ts';

const missing = without('kustomize');

describe.skipIf(missing !== '')(`what Kubernetes is given${missing}`, () => {
  const manifests = missing === '' ? renderFolder('example') : [];
  const all = <T>(kind: string): (Manifest & T)[] =>
    manifests.filter((manifest): manifest is Manifest & T => manifest.kind === kind);
  const workloads = ['Deployment', 'StatefulSet', 'Job'].flatMap((kind) => all<Deployment>(kind));
  const pods = workloads.map(({ metadata, spec }): [string, PodSpec] => {
    const pod = spec?.template.spec;
    if (!pod) throw new Error(`${metadata.name} has no pod`);
    return [metadata.name, pod];
  });
  const containers = pods.flatMap(([name, pod]) =>
    [...(pod.initContainers ?? []), ...pod.containers].map((one): [string, Container] => [
      `${name}/${one.name}`,
      one,
    ]),
  );

  test('is what Kubernetes has: no member that it does not know, none that it misses', () => {
    const [api] = workloads;
    const wrong = JSON.stringify(api).replace('readOnlyRootFilesystem', 'readonlyRootFilesystem');
    // The last one is wrong deep inside, so that a compiler that looks at nothing is noticed.
    const faults = faultsOf([...manifests, JSON.parse(wrong) as Manifest]);
    expect(faults).toEqual([expect.stringContaining('readonlyRootFilesystem')]);
  }, 180_000);

  test('every pod is restricted, as the Pod Security Standards say', () => {
    expect(pods.map(([name]) => name)).toEqual([
      'recourse-api',
      'recourse-worker',
      'recourse-migrate',
    ]);
    for (const [name, pod] of pods)
      expect([name, pod]).toMatchObject([
        name,
        {
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        },
      ]);
    for (const [name, container] of containers)
      expect([name, container.securityContext]).toEqual([
        name,
        {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      ]);
  });

  test('the user of the pods is that of the image', () => {
    const dockerfile = readFileSync(at('docker/Dockerfile'), 'utf8');
    for (const [, { securityContext }] of pods)
      expect(dockerfile).toContain(
        `USER ${securityContext?.runAsUser}:${securityContext?.runAsGroup}`,
      );
  });

  test('every container has a bound on memory, and the image of the overlay', () => {
    for (const [name, { image, resources }] of containers) {
      expect([name, Object.keys(resources?.limits ?? {})]).toEqual([name, ['memory']]);
      expect([name, image]).toEqual([name, 'images.example/recourse-server:0.1.0']);
    }
  });

  test('secrets are named and never written down', () => {
    expect(all('Secret')).toEqual([]);
    const knowOwner = containers.filter(([, { env = [] }]) =>
      env.some(({ valueFrom }) => valueFrom?.secretKeyRef?.key === 'owner-url'),
    );
    expect(knowOwner.map(([name]) => name)).toEqual(['recourse-migrate/migrate']);
  });

  test('a server has longer to stop than it drains', () => {
    const [settings] = all<ConfigMap>('ConfigMap');
    const drain = Number(settings?.data?.['RECOURSE_DRAIN_SECONDS']);
    expect(drain).toBeGreaterThan(4);
    const serving = pods.filter(([name]) => name !== 'recourse-migrate');
    for (const [name, pod] of serving)
      expect([name, Number(pod.terminationGracePeriodSeconds) >= drain + 30]).toEqual([name, true]);
  });

  test('sets only variables that the server reads', () => {
    const [settings] = all<ConfigMap>('ConfigMap');
    const names = [
      ...Object.keys(settings?.data ?? {}),
      ...containers.flatMap(([, { env = [] }]) => env.map(({ name }) => name)),
    ];
    expect(names).toContain('RECOURSE_ORIGIN');
    expect(unreadVariables(names)).toEqual([]);
  });

  test('services, budgets and policies mean pods and ports that there are', () => {
    const labels = workloads.map(({ spec }) => spec?.template.metadata?.labels ?? {});
    const chosen = (selector: Readonly<Record<string, string>> = {}): number =>
      labels.filter((label) => Object.entries(selector).every(([key, text]) => label[key] === text))
        .length;
    for (const { spec } of all<Service>('Service')) expect(chosen(spec?.selector)).toBe(1);
    for (const { spec } of all<PodDisruptionBudget>('PodDisruptionBudget'))
      expect(chosen(spec?.selector?.matchLabels)).toBe(1);
    for (const { spec } of all<NetworkPolicy>('NetworkPolicy'))
      expect(chosen(spec?.podSelector?.matchLabels)).toBeGreaterThan(0);
  });

  test('services and probes ask at ports that there are', () => {
    const ports = new Set(containers.flatMap(([, one]) => one.ports ?? []).map(({ name }) => name));
    const asked = [
      ...all<Service>('Service').flatMap(({ spec }) => spec?.ports ?? []),
      ...containers.flatMap(([, one]) => [one.readinessProbe, one.livenessProbe, one.startupProbe]),
    ].flatMap((one) => {
      if (one === undefined) return [];
      return 'targetPort' in one ? one.targetPort : 'httpGet' in one ? one.httpGet?.port : 'none';
    });
    expect(asked.length).toBe(8);
    expect(asked.filter((port) => !ports.has(String(port)))).toEqual([]);
  });

  test('keys reach the server as files of its user alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'recourse-keys-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [secret, keys] = [join(folder, 'secret'), join(folder, 'keys')];
    for (const path of [join(secret, '..data'), keys]) mkdirSync(path, { recursive: true });
    for (const name of ['vault.key', 'log.jwk.json'])
      writeFileSync(join(secret, name), name, { mode: 0o440 });
    const copying = containers.filter(([, { name }]) => name === 'keys');
    expect(copying.length).toBe(2);
    for (const [, { args = [] }] of copying) {
      const here = args.map((arg) =>
        arg.replaceAll('/secret', secret).replaceAll('/recourse/keys', keys),
      );
      execFileSync(process.execPath, here);
      expect(readdirSync(keys).toSorted()).toEqual(['log.jwk.json', 'vault.key']);
      for (const name of readdirSync(keys))
        expect(statSync(join(keys, name)).mode & 0o777).toBe(0o600);
      rmSync(keys, { recursive: true });
      mkdirSync(keys);
    }
  });
});

describe.skipIf(missing !== '')(`the agent in Kubernetes${missing}`, () => {
  const manifests = missing === '' ? renderFolder('agent') : [];
  const agent = manifests.find(
    (manifest): manifest is Manifest & Deployment => manifest.kind === 'StatefulSet',
  );
  const pod = agent?.spec?.template.spec;
  const containers = [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])];

  test('is what Kubernetes has', () => expect(faultsOf(manifests)).toEqual([]), 180_000);

  test('is one, restricted, with a disk and without a secret written down', () => {
    expect(agent?.spec?.replicas).toBe(1);
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const { image, resources, securityContext } of containers) {
      expect(image).toBe('images.example/recourse-agent:0.1.0');
      expect(Object.keys(resources?.limits ?? {})).toEqual(['memory']);
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    expect(manifests.map(({ kind }) => kind)).not.toContain('Secret');
  });

  test('an agent takes its variables, and listens where the service asks', () => {
    const env = Object.fromEntries(
      (pod?.containers[0]?.env ?? []).map(({ name, value }) => [name, value]),
    );
    const image = { RECOURSE_AGENT_LISTEN: '0.0.0.0:4810' };
    const print = `const { readConfig } = await import(${JSON.stringify(at('apps/agent/src/config.ts'))});
      const { address, hosts, keys, token } = readConfig([], process.env);
      console.log(JSON.stringify([address.port, hosts, Object.keys(keys).length, typeof token]));`;
    const args = ['--conditions=@recourse/source', '--input-type=module', '-e', print];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      env: { ...env, ...image },
      encoding: 'utf8',
    });
    expect([stdout.trim(), stderr]).toEqual(['[4810,["recourse-agent"],2,"object"]', '']);
    const ports = pod?.containers.flatMap((container) => container.ports ?? []);
    expect(ports).toMatchObject([{ name: 'http', containerPort: 4810 }]);
  });
});

/** What the compiler says of manifests, as values of the types that are made of Kubernetes' own schema. */
function faultsOf(manifests: readonly Manifest[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'recourse-manifests-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const lines = manifests.flatMap((manifest, index) => {
    const { apiVersion } = manifest as { apiVersion?: string };
    // That of the operator of Prometheus is no part of Kubernetes.
    if (apiVersion === 'monitoring.coreos.com/v1') return [];
    const module = apiVersion === 'v1' ? 'core/v1' : apiVersion?.replace('.k8s.io', '');
    const type = `import('kubernetes-types/${module}').${manifest.kind}`;
    return [`export const m${index}: ${type} = ${JSON.stringify(manifest)};`];
  });
  writeFileSync(join(folder, 'manifests.ts'), lines.join('\n'));
  const compilerOptions = {
    strict: true,
    noEmit: true,
    module: 'esnext',
    moduleResolution: 'bundler',
    types: [],
    paths: { 'kubernetes-types/*': [at('node_modules/kubernetes-types/*')] },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  const compiler = at('node_modules/@typescript/native/bin/tsc');
  const args = [compiler, '--pretty', 'false', '--project', folder];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes('error TS'));
}
