import type { Stage } from '../world/stage.ts';
import type { Kind, Principal } from '../world/principals.ts';
import type { Came, Noun, Things } from './things.ts';

export type Literal = string | number | boolean;

/** One act as it runs: its references are resolved, its literals chosen. */
export interface Doing<
  N extends Readonly<Record<string, Noun>>,
  C extends Readonly<Record<string, readonly Literal[]>>,
> {
  readonly stage: Stage;
  readonly by: Principal;
  readonly refs: { readonly [K in keyof N]: Things[N[K]] };
  readonly choice: { readonly [K in keyof C]: C[K][number] };
}

/** Who may try an operation, what it refers to, which literals it has, and how it runs. */
export interface Row<
  N extends Readonly<Record<string, Noun>> = Readonly<Record<string, Noun>>,
  C extends Readonly<Record<string, readonly Literal[]>> = Readonly<
    Record<string, readonly Literal[]>
  >,
> {
  readonly who: readonly Kind[];
  readonly needs: N;
  readonly choices: C;
  // A row is run by its own shape: `row` checks it, and the table forgets which it is.
  run(doing: Doing<N, C>): Promise<Came>;
}

/** An act that makes no sense in a hunt: counted, and printed as not covered. */
export interface Never {
  readonly never: string;
}

interface Shape<
  N extends Readonly<Record<string, Noun>>,
  C extends Readonly<Record<string, readonly Literal[]>>,
> {
  readonly who: readonly Kind[];
  readonly needs?: N;
  readonly choices?: C;
  run(doing: Doing<N, C>): Promise<Came>;
}

export function row<
  // oxlint-disable-next-line typescript/no-empty-object-type -- no references
  const N extends Readonly<Record<string, Noun>> = {},
  // oxlint-disable-next-line typescript/no-empty-object-type -- no literals
  const C extends Readonly<Record<string, readonly Literal[]>> = {},
>(shape: Shape<N, C>): Row {
  const { who, needs, choices } = shape;
  return {
    who,
    needs: needs ?? {},
    choices: choices ?? {},
    run: (doing) => runs(shape, doing),
  };
}

/** The drawer gives what `needs` and `choices` list. */
const runs = (shape: { run(doing: never): Promise<Came> }, doing: unknown): Promise<Came> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  shape.run(doing as never);

export const never = (why: string): Never => ({ never: why });
