import type { Role } from '@recourse/protocol';
import type { CallOptions, Operations, Recourse } from '@recourse/sdk';
import { command, type Create, type Declaration, type NoFlags } from './command.ts';
import type { Context } from './context.ts';
import { count, orElse, type Flags, type Values } from './options.ts';
import type { Output } from './terminal.ts';

type Groups = Pick<Recourse, keyof Operations>;
type Method<N extends string> = N extends `${infer G extends keyof Groups}.${infer M}`
  ? M extends keyof Groups[G]
    ? Extract<Groups[G][M], (input: never) => unknown>
    : never
  : never;
/** A method of a connection with one input: the operation of that name, or the form of it in which the SDK signs. */
type Op = {
  [G in keyof Groups]: {
    [M in keyof Groups[G] & string]: Groups[G][M] extends (
      input: infer _Input extends object,
      options?: CallOptions,
    ) => Promise<object>
      ? `${G}.${M}`
      : never;
  }[keyof Groups[G] & string];
}[keyof Groups];

type Input<N extends Op> = Parameters<Method<N>>[0];
type Result<N extends Op> = Awaited<ReturnType<Method<N>>>;

interface CallSpec<N extends Op, G> {
  /** Also the name of the command, unless it says another */
  readonly op: N;
  readonly name?: string;
  /** The member that holds the items of a list: it is read page by page, up to `--limit` */
  readonly pages?: 'next' extends keyof Result<N> ? Exclude<keyof Result<N>, 'next'> : never;
  /** The role to sign as, where the SDK does not choose it by the operation */
  readonly as?: (values: G, context: Context) => Role | undefined | Promise<Role | undefined>;
  /** Shows people the answer to what was sent */
  readonly print: (result: Result<N>, input: Input<N>) => Output;
}
/** Left out where the values of arguments and flags are the input. */
type InputSpec<N extends Op, G> = [G, Exclude<keyof G, keyof Input<N>>] extends [Input<N>, never]
  ? { readonly input?: (values: G, context: Context) => Input<N> | Promise<Input<N>> }
  : { readonly input: (values: G, context: Context) => Input<N> | Promise<Input<N>> };

type OpSpec<N extends Op, A extends Flags, F extends Flags> = Omit<Declaration<A, F>, 'name'> &
  CallSpec<N, Values<A> & Values<F>> &
  InputSpec<N, Values<A> & Values<F>>;

/** The same, without the types that relate its members. */
interface LooseSpec extends Partial<Declaration> {
  readonly about: string;
  readonly op: string;
  readonly pages?: string;
  readonly as?: (values: object, context: Context) => Promise<Role | undefined>;
  readonly input?: (values: object, context: Context) => Promise<object>;
  readonly print: (result: object, input: object) => Output;
}
type Call = (input: object, options: CallOptions) => Promise<Readonly<Record<string, unknown>>>;

/** A command that makes one call and shows the answer: as it is with `--json`, else printed. */
export function opCommand<const N extends Op, A extends Flags = NoFlags, F extends Flags = NoFlags>(
  spec: OpSpec<N, A, F>,
): Create {
  const { op, pages, as, input, print, ...declared } = spec as unknown as LooseSpec;
  const [noun = '', name = ''] = op.split('.');
  const limit = orElse(count('how many'), 50);
  const flags = {
    ...declared.flags,
    ...(pages === undefined ? {} : { limit }),
  };
  return command({ name, ...declared, flags }, async ({ limit, ...given }, context) => {
    const sent = input ? await input(given, context) : given;
    const call = await callerOf(context, { noun, name, role: await as?.(given, context) });
    const read = (page: object) => call({ ...sent, ...page });
    const result =
      pages === undefined ? await call(sent) : await firstOf(Number(limit), pages, read);
    context.terminal.result(result, () => print(result, sent));
  });
}

async function callerOf(
  context: Context,
  { noun, name, role }: { noun: string; name: string; role: Role | undefined },
): Promise<(input: object) => ReturnType<Call>> {
  const recourse = (await context.connect()) as unknown as Record<string, Record<string, Call>>;
  return (input) => recourse[noun]![name]!(input, { as: role });
}

/** So many items of a list that goes on at a cursor, and whatever else the first page has. */
async function firstOf(
  limit: number,
  items: string,
  read: (page: object) => ReturnType<Call>,
): Promise<object> {
  const { next: cursor, ...first } = await read({ limit: Math.min(100, limit) });
  const all = [...(first[items] as unknown[])];
  let next = cursor;
  while (next !== undefined && all.length < limit) {
    const page = await read({ limit: Math.min(100, limit), cursor: next });
    all.push(...(page[items] as unknown[]));
    ({ next } = page);
  }
  return { ...first, [items]: all.slice(0, limit) };
}
