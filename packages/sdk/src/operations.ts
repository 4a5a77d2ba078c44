import { ops, type OpInput, type OpName, type OpOutput, type Ops } from '@recourse/protocol';
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

type Invoke = (input: unknown, options: { context: CallOptions }) => Promise<unknown>;

/** The operations as plain methods over the typed wire. */
export function operationsOver(wire: Wire): Operations {
  const groups: Record<string, Record<string, unknown>> = {};
  for (const name of Object.keys(ops) as OpName[]) {
    const [group = '', method = ''] = name.split('.');
    (groups[group] ??= {})[method] = methodOver(wire, name);
  }
  return groups as unknown as Operations;
}

function methodOver(wire: Wire, name: OpName) {
  const [group = '', method = ''] = name.split('.');
  const verb: Ops[OpName]['kind'] = ops[name].kind;
  return async (input: unknown, options: CallOptions = {}): Promise<unknown> => {
    const procedures = wire as unknown as Record<string, Record<string, Record<string, Invoke>>>;
    const invoke = procedures[group]?.[method]?.[verb === 'read' ? 'query' : 'mutate'];
    if (!invoke) throw new TypeError(`no such operation: ${name}`);
    try {
      return await invoke(input, { context: options });
    } catch (error) {
      throw unwrapped(error);
    }
  };
}
