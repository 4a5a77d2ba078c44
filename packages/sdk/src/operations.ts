import { ops, type OpInput, type OpName, type OpOutput } from '@recourse/protocol';
import { RecourseError } from './errors.ts';
import type { GroupName, MethodOf } from './op-names.ts';
import type { CallOptions } from './transport/transport.ts';
import { unwrapped, type Wire } from './wire.ts';

/** Every signed operation, typed by the op table: `operations.sanctions.get({sanction})`. */
export type Operations = {
  readonly [G in GroupName]: {
    readonly [N in OpName as MethodOf<G, N>]: (
      input: OpInput<N>,
      options?: CallOptions,
    ) => Promise<OpOutput<N>>;
  };
};

interface Procedure {
  readonly query?: Invoke;
  readonly mutate?: Invoke;
}
type Invoke = (input: unknown, options: { context: CallOptions }) => Promise<unknown>;

/** The operations as plain methods over the typed wire. */
export function operationsOver(wire: Wire): Operations {
  const groups: Record<string, Record<string, unknown>> = {};
  for (const [name, { kind }] of Object.entries(ops)) {
    const [group = '', method = ''] = name.split('.');
    const methods = (groups[group] ??= {});
    methods[method] = methodOver(() => procedureAt(wire, { group, method }), kind);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- built from the table that is its type
  return groups as unknown as Operations;
}

/** The client is a proxy: it has every name, so the names come from the op table only. */
function procedureAt(wire: Wire, at: { group: string; method: string }): Procedure | undefined {
  const groups: Record<string, Record<string, object>> = wire;
  return groups[at.group]?.[at.method];
}

function methodOver(procedure: () => Procedure | undefined, kind: 'read' | 'mutation') {
  return async (input: unknown, options: CallOptions = {}): Promise<unknown> => {
    const found = procedure();
    const invoke = kind === 'read' ? found?.query : found?.mutate;
    if (!invoke) throw new RecourseError('unknown-op');
    try {
      return await invoke(input, { context: { ...options } });
    } catch (error) {
      throw unwrapped(error);
    }
  };
}
