import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A package that an app runs. */
export interface ProductionPackage {
  readonly name: string;
  readonly version: string;
  /** From the root of the checkout */
  readonly folder: string;
  /** One of ours, which is built; the others are in `node_modules` */
  readonly isOurs: boolean;
}

/**
 * An app and all that it imports: `dependencies`, and theirs. npm answers for the whole repository, in which an agent
 * needs a mail server for its tests.
 */
export function productionPackages(root: string, app: string): ProductionPackage[] {
  const found = new Map<string, ProductionPackage>();
  const visit = (folder: string): void => {
    if (found.has(folder)) return;
    const text = readFileSync(join(root, folder, 'package.json'), 'utf8');
    const { name, version, dependencies = {} } = JSON.parse(text) as Manifest;
    found.set(folder, { name, version, folder, isOurs: !folder.includes('node_modules') });
    for (const dependency of Object.keys(dependencies)) visit(folderOf(root, folder, dependency));
  };
  visit(app);
  return [...found.values()];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Where Node finds a package that another one imports: in the nearest `node_modules` above it. */
function folderOf(root: string, from: string, name: string): string {
  const path = join(from, 'node_modules', name);
  if (existsSync(join(root, path)))
    return relative(realpathSync(root), realpathSync(join(root, path)));
  if (from === '.') throw new Error(`${name} is not installed: npm ci.`);
  return folderOf(root, dirname(from), name);
}
