import type { CaseInput, CaseOpName, OpInput, OpName } from '@recourse/protocol';
import type { TestAnswer, TestKey, TestRegistry } from '@recourse/testkit';
import { settleDue } from '../../src/scheduler/settle-due.ts';

/** The way to a server. */
export interface Wire {
  readonly call: <N extends OpName>(key: TestKey, op: N, input: OpInput<N>) => Promise<TestAnswer>;
  readonly send: (op: OpName, compact: string) => Promise<TestAnswer>;
  readonly sendCase: <N extends CaseOpName>(
    op: N,
    input: Omit<CaseInput<N>, 'jti'>,
  ) => Promise<TestAnswer>;
  /** What jobs do, whole */
  readonly settle: () => Promise<void>;
}

/** A server in this process. */
export const ownWire = (registry: TestRegistry): Wire => ({
  call: (key, op, input) => registry.call(key, op, input),
  send: (op, compact) => registry.send(op, compact),
  sendCase: (op, input) => registry.caseCall(op, input),
  settle: async () => {
    const { failures } = await settleDue(registry.services);
    if (failures.length > 0) throw new AggregateError(failures.map(({ error }) => error));
  },
});
