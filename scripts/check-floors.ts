import type { IModule } from 'dependency-cruiser';
import { FLOORS, type Floor } from './floors.ts';

const ROOT = 'packages/registry/src/';

/** What a floor holds, and how many of its imports lead to other floors: as they may, and as they may not. */
export interface FloorCount {
  readonly name: string;
  readonly files: number;
  readonly down: number;
  readonly up: number;
}

export interface FloorCheck {
  readonly problems: string[];
  readonly counts: FloorCount[];
  /** Names of floors that reach themselves through others */
  readonly inCycles: string[];
}

/** An import from one floor to another, by files below `ROOT`. */
interface Arrow {
  readonly edge: string;
  readonly from: Floor;
  readonly to: Floor;
  readonly allowed: boolean;
}

/** Holds the files of the registry to `FLOORS`. */
export function checkFloors(modules: IModule[]): FloorCheck {
  const files = modules.flatMap(({ source }) => below(source));
  const arrows = modules.flatMap(arrowsOf);
  const refused = arrows.filter(({ allowed }) => !allowed);
  return {
    problems: [
      ...files.filter((file) => !placeOf(file)).map((file) => `no floor for ${ROOT}${file}`),
      ...refused.map(
        ({ edge, from, to }) => `floors: ${edge}: ${from.name} may not import ${to.name}`,
      ),
      ...unmatched(files).map((entry) => `matches no file: floors: ${entry}`),
    ],
    counts: FLOORS.map((floor) => countOf(floor, files, arrows)),
    inCycles: FLOORS.filter((floor) => reaches(floor, floor, arrows)).map(({ name }) => name),
  };
}

/** The path below `ROOT` of a file that has a floor; tests have none. */
function below(source: string): string[] {
  if (!source.startsWith(ROOT) || source.endsWith('.test.ts')) return [];
  return [source.slice(ROOT.length)];
}

/** The entries of `holds`, those of single files before those of folders, the longest first. */
const PLACES = FLOORS.flatMap((floor) => floor.holds.map((entry) => ({ floor, entry }))).toSorted(
  (a, b) => closeness(b.entry) - closeness(a.entry),
);

function closeness(entry: string): number {
  return entry.length + (entry.endsWith('/') ? 0 : 1000);
}

const placeOf = (file: string) => PLACES.find(({ entry }) => covers(entry, file));

function covers(entry: string, file: string): boolean {
  if (entry.endsWith('/')) return file.startsWith(entry);
  const [before = '', after] = entry.split('*');
  if (after === undefined) return file === entry;
  const middle = file.slice(before.length, file.length - after.length);
  return file.startsWith(before) && file.endsWith(after) && !middle.includes('/');
}

function arrowsOf({ source, dependencies }: IModule): Arrow[] {
  const [file = ''] = below(source);
  const from = placeOf(file)?.floor;
  if (!from) return [];
  // A file that is imported for its types and for its values is two dependencies.
  const imported = new Set(dependencies.flatMap(({ resolved }) => below(resolved)));
  return [...imported].flatMap((target) => {
    const to = placeOf(target)?.floor;
    if (!to || to === from) return [];
    return [{ edge: `${file} -> ${target}`, from, to, allowed: mayImport(from, to, target) }];
  });
}

function mayImport(from: Floor, to: Floor, target: string): boolean {
  if (from.reads) return from.reads.some((entry) => covers(entry, target));
  return FLOORS.indexOf(from) < FLOORS.indexOf(to);
}

function unmatched(files: string[]): string[] {
  const used = new Set(files.map((file) => placeOf(file)?.entry));
  return [
    ...PLACES.map(({ entry }) => entry).filter((entry) => !used.has(entry)),
    ...FLOORS.flatMap(({ reads }) => reads ?? []).filter(
      (entry) => !files.some((file) => covers(entry, file)),
    ),
  ];
}

function countOf(floor: Floor, files: string[], arrows: Arrow[]): FloorCount {
  const ours = arrows.filter(({ from }) => from === floor);
  const down = ours.filter(({ allowed }) => allowed).length;
  return {
    name: floor.name,
    files: files.filter((file) => placeOf(file)?.floor === floor).length,
    down,
    up: ours.length - down,
  };
}

function reaches(from: Floor, goal: Floor, arrows: Arrow[]): boolean {
  const reached = new Set([from]);
  for (const floor of reached) {
    for (const arrow of arrows) if (arrow.from === floor) reached.add(arrow.to);
    if (arrows.some((arrow) => arrow.from === floor && arrow.to === goal)) return true;
  }
  return false;
}
