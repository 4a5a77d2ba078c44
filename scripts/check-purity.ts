import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IModule } from 'dependency-cruiser';
import { PURE } from './edge-rules.ts';

/** Globals that a pure function takes as a parameter instead. */
const AMBIENT =
  /\bnew Date\(\)|\bDate\.now\b|\bMath\.random\b|\b(?:process|performance|crypto)\.|\b(?:fetch|setTimeout)\(/;

/** One line for each file of rules that runs something impure, with the way to it; `[]` is a pass. */
export function checkPurity(modules: IModule[], root: string): string[] {
  const known = new Map(modules.map((module) => [module.source, module]));
  const isPure = new RegExp(PURE.files);
  return modules
    .filter(({ source }) => isPure.test(source))
    .flatMap(({ source }) => {
      const way = wayToImpure(source, known, root);
      return way === undefined ? [] : [`rules-are-pure: ${way.join(' -> ')}`];
    });
}

/** The shortest way of value imports from a file to something impure; the last step names it. */
function wayToImpure(
  from: string,
  modules: Map<string, IModule>,
  root: string,
): string[] | undefined {
  const ways = new Map([[from, [from]]]);
  for (const [source, way] of ways) {
    const module = modules.get(source);
    if (module?.coreModule || PURE.never.some((path) => new RegExp(path).test(source))) return way;
    const ambient = ambientIn(source, root);
    if (ambient !== undefined) return [...way, ambient];
    for (const { resolved, dependencyTypes } of module?.dependencies ?? []) {
      if (dependencyTypes.includes('type-only') || ways.has(resolved)) continue;
      ways.set(resolved, [...way, resolved]);
    }
  }
  return undefined;
}

function ambientIn(source: string, root: string): string | undefined {
  if (!source.startsWith('packages/registry/')) return undefined;
  return AMBIENT.exec(readFileSync(join(root, source), 'utf8'))?.[0];
}
