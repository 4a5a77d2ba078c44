import type { IModule } from 'dependency-cruiser';
import { HOUSES, type Floor, type House } from './floors.ts';

/** Files of a floor, and how many of its imports lead to other floors: as they may, and as they may not. */
export interface FloorCount {
  readonly name: string;
  readonly files: number;
  readonly down: number;
  readonly up: number;
}

export interface HouseCheck {
  readonly root: string;
  readonly problems: string[];
  readonly counts: FloorCount[];
  /** Names of floors that reach themselves through others */
  readonly inCycles: string[];
}

/** An import from one floor to another, by files below the root of their house. */
interface Arrow {
  readonly edge: string;
  readonly from: Floor;
  readonly to: Floor;
  readonly allowed: boolean;
}

/** Holds the files of each house to its floors. */
export const checkFloors = (modules: IModule[]): HouseCheck[] =>
  HOUSES.map((house) => new Floors(house).check(modules));

class Floors {
  readonly #root: string;
  readonly #floors: readonly Floor[];
  /** The entries of `holds`, those of single files before those of folders, the longest first */
  readonly #places: readonly { readonly floor: Floor; readonly entry: string }[];

  constructor({ root, floors }: House) {
    this.#root = root;
    this.#floors = floors;
    this.#places = floors
      .flatMap((floor) => floor.holds.map((entry) => ({ floor, entry })))
      .toSorted((a, b) => closeness(b.entry) - closeness(a.entry));
  }

  check(modules: IModule[]): HouseCheck {
    const files = modules.flatMap(({ source }) => this.#below(source));
    const arrows = modules.flatMap((module) => this.#arrowsOf(module));
    const refused = arrows.filter(({ allowed }) => !allowed);
    return {
      root: this.#root,
      problems: [
        ...files
          .filter((file) => !this.#placeOf(file))
          .map((file) => `no floor for ${this.#root}${file}`),
        ...refused.map(
          ({ edge, from, to }) => `floors: ${edge}: ${from.name} may not import ${to.name}`,
        ),
        ...this.#unmatched(files).map((entry) => `matches no file: floors: ${entry}`),
      ],
      counts: this.#floors.map((floor) => this.#countOf(floor, files, arrows)),
      inCycles: this.#floors
        .filter((floor) => reaches(floor, floor, arrows))
        .map(({ name }) => name),
    };
  }

  /** The path below the root of a file that has a floor; tests have none. */
  #below(source: string): string[] {
    if (!source.startsWith(this.#root) || /\.test\.tsx?$/.test(source)) return [];
    return [source.slice(this.#root.length)];
  }

  #placeOf(file: string): { readonly floor: Floor; readonly entry: string } | undefined {
    return this.#places.find(({ entry }) => covers(entry, file));
  }

  #arrowsOf({ source, dependencies }: IModule): Arrow[] {
    const [file = ''] = this.#below(source);
    const from = this.#placeOf(file)?.floor;
    if (!from) return [];
    // A file that is imported for its types and for its values is two dependencies.
    const imported = new Set(dependencies.flatMap(({ resolved }) => this.#below(resolved)));
    return [...imported].flatMap((target) => {
      const to = this.#placeOf(target)?.floor;
      if (!to || to === from) return [];
      const allowed = this.#mayImport(from, to, target);
      return [{ edge: `${file} -> ${target}`, from, to, allowed }];
    });
  }

  #mayImport(from: Floor, to: Floor, target: string): boolean {
    if (from.reads) return from.reads.some((entry) => covers(entry, target));
    return this.#floors.indexOf(from) < this.#floors.indexOf(to);
  }

  #unmatched(files: string[]): string[] {
    const used = new Set(files.map((file) => this.#placeOf(file)?.entry));
    return [
      ...this.#places.map(({ entry }) => entry).filter((entry) => !used.has(entry)),
      ...this.#floors
        .flatMap(({ reads }) => reads ?? [])
        .filter((entry) => !files.some((file) => covers(entry, file))),
    ];
  }

  #countOf(floor: Floor, files: string[], arrows: Arrow[]): FloorCount {
    const ours = arrows.filter(({ from }) => from === floor);
    const down = ours.filter(({ allowed }) => allowed).length;
    return {
      name: floor.name,
      files: files.filter((file) => this.#placeOf(file)?.floor === floor).length,
      down,
      up: ours.length - down,
    };
  }
}

function closeness(entry: string): number {
  return entry.length + (entry.endsWith('/') ? 0 : 1000);
}

function covers(entry: string, file: string): boolean {
  return entry.endsWith('/') ? file.startsWith(entry) : file === entry;
}

function reaches(from: Floor, goal: Floor, arrows: Arrow[]): boolean {
  const reached = new Set([from]);
  for (const floor of reached) {
    for (const arrow of arrows) if (arrow.from === floor) reached.add(arrow.to);
    if (arrows.some((arrow) => arrow.from === floor && arrow.to === goal)) return true;
  }
  return false;
}
