import {
  confirmedCauses,
  decidedCauses,
  toNumericDate,
  type ReversalCause,
} from '@recourse/protocol';
import { random32, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import {
  appealCase,
  appealOf,
  claimCase,
  day,
  decide,
  newCase,
  recallsOf,
  sanctionOf,
  startAppealRegistry,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

test('a record that an appeal kept held to its end was never shown, whatever is written later', async () => {
  const [by] = registry.parties.panel;
  const evidence = [{ class: 'volume-logs' as const, commitment: random32() }];
  const exp = toNumericDate(registry.now()) + 60 * day;
  const statement = { reason: 'network.bulk-spam' as const, evidence, exp };
  const theCase = await newCase(registry, { statement, told: [] });
  const { id: appeal } = await appealCase(registry, theCase);
  registry.advance(4 * day);
  await claimCase(registry, by, appeal);
  const decision = { outcome: 'reversed', cause: 'error' } as const;
  resultOf(await decide(registry, { ...theCase, appeal, by, decision }));
  // Its texts are erased now, and the erasure writes what is due.
  const { failures } = await settleDue(registry.services);
  expect(failures).toEqual([]);
  const { history } = await sanctionOf(registry, theCase.sanction);
  expect(history.map(({ event }: { event: string }) => event)).not.toContain('visible');
});

describe('every cause that a reviewer may find', () => {
  /** What one reviewer alone makes of it: a second confirms what stops a group. */
  const alone = (cause: ReversalCause): ReversalCause =>
    confirmedCauses.some((one) => one === cause) ? 'error' : cause;

  test.each(decidedCauses)('%s: reversed, and everyone told undoes it', async (cause) => {
    const [by] = registry.parties.panel;
    const theCase = await newCase(registry);
    const { id: appeal } = await appealCase(registry, theCase, { ground: 'expression' });
    await claimCase(registry, by, appeal);
    const decision = { outcome: 'reversed', cause } as const;
    expect(resultOf(await decide(registry, { ...theCase, appeal, by, decision }))).toMatchObject({
      state: 'decided',
      outcome: 'reversed',
      recalls: 1,
    });
    expect(await sanctionOf(registry, theCase.sanction)).toMatchObject({
      state: 'reversed',
      cause: alone(cause),
    });
  });

  test.each(decidedCauses)(
    '%s on an ended record: a finding, with the same recalls',
    async (cause) => {
      const [by] = registry.parties.panel;
      const exp = toNumericDate(registry.now()) + day;
      const theCase = await newCase(registry, { statement: { exp } });
      registry.advance(day + 2);
      const { id: appeal } = await appealCase(registry, theCase, { ground: 'expression' });
      await claimCase(registry, by, appeal);
      const decision = { outcome: 'finding', cause } as const;
      resultOf(await decide(registry, { ...theCase, appeal, by, decision }));
      expect(await sanctionOf(registry, theCase.sanction)).toMatchObject({ state: 'expired' });
      expect((await recallsOf(registry, theCase.sanction)).map(({ kind }) => kind)).toEqual([
        'undo',
      ]);
      expect(await appealOf(registry, appeal)).toMatchObject({
        outcome: 'finding',
        cause: alone(cause),
      });
    },
  );
});

test('voided for a stolen key under an appeal, it is reversed', async () => {
  const { harbour } = registry.parties;
  const since = toNumericDate(registry.now()) - 60;
  const theCase = await newCase(registry);
  const { id: appeal } = await appealCase(registry, theCase);
  await sql`update keys set revoked_at = ${registry.now()}, revoked_why = 'compromised', revocation = '{}',
    compromised_since = ${new Date(since * 1000)} where kid = ${harbour.trust.kid}`.execute(
    registry.db,
  );
  const voiding = { kid: harbour.trust.kid, since };
  resultOf(await registry.call(harbour.admin, 'sanctions.void', voiding));
  const cause = 'key-compromise';
  expect(await sanctionOf(registry, theCase.sanction)).toMatchObject({ state: 'reversed', cause });
  expect(await appealOf(registry, appeal, harbour.service)).toMatchObject({
    state: 'conceded',
    cause,
  });
});
