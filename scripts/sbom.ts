import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { productionPackages } from './production-packages.ts';

// Usage: node scripts/sbom.ts <app>. Prints the software bill of materials of its image, as CycloneDX.

interface Component {
  readonly 'bom-ref': string;
}

interface Dependency {
  readonly ref: string;
  readonly dependsOn: readonly string[];
}

interface Bom {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
}

/**
 * Lists the packages that an app runs as npm does, by the lock file alone. Number and time of the making are left out:
 * of one commit it is the same everywhere.
 */
export function sbomOf(root: string, app: string): Bom {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'];
  const text = execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 });
  const { metadata, components, dependencies, ...rest } = JSON.parse(text) as Bom;
  const [own = '', ...others] = productionPackages(root, app).map(
    ({ name, version }) => `${name}@${version}`,
  );
  const { timestamp: _time, ...kept } = metadata;
  const { serialNumber: _number, ...format } = rest as { serialNumber?: string };
  const known = new Set([own, ...others]);
  return {
    ...format,
    metadata: { ...kept, component: components.find((component) => component['bom-ref'] === own) },
    components: components.filter((component) => others.includes(component['bom-ref'])),
    dependencies: dependencies
      .filter(({ ref }) => known.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => known.has(one)) })),
  };
}

if (import.meta.main) {
  const [app] = process.argv.slice(2);
  if (app === undefined) throw new Error('Name an app, such as apps/server.');
  process.stdout.write(`${JSON.stringify(sbomOf(process.cwd(), app), null, 2)}\n`);
}
