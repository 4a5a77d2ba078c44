import { Problem, toNumericDate } from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, type ConnectedClients } from '../../tests/connected.ts';
import { now, sanctionA } from '../../tests/fake-registry.ts';
import { answersWith, email } from '../../tests/records.ts';

const item = `itm_${'0'.repeat(26)}`;
const asked = { item, sanction: sanctionA, dueAt: now.toISOString() };

let at: ConnectedClients;
beforeEach(async () => {
  at = await connected();
  await answersWith(at.registry, []);
});

const challenge = () =>
  at.recourse.subjects.challenge({ kind: 'email', value: ` ${email.toUpperCase()}`, since: now });
const sent = () =>
  at.registry.received
    .filter(({ payload }) => payload.op === 'subjects.challenge')
    .map(({ payload }) => payload.in as { epoch: number; date: number });

describe('an identifier that changed hands', () => {
  it('is challenged by its token, with a trust key, and the registry does not learn it', async () => {
    at.registry.handlers.set('subjects.challenge', () => ({ result: { items: [asked] } }));
    expect(await challenge()).toEqual({ items: [asked] });
    expect(sent()).toMatchObject([{ epoch: 1, ground: 'recycled', date: toNumericDate(now) }]);
    const calls = at.registry.received.map(({ payload }) => payload);
    expect(JSON.stringify(calls).toLowerCase()).not.toContain(email);
    expect(at.registry.received.at(-1)?.key.kid).toBe(at.trust.kid);
  });

  it('is looked for under the older live epoch, which has all records, and found nowhere it is not-found', async () => {
    at.registry.epochs.push({ epoch: 2 });
    at.registry.handlers.set('subjects.challenge', () => {
      throw new Problem('not-found');
    });
    expect(await codeOf(challenge)).toBe('not-found');
    expect(sent().map(({ epoch }) => epoch)).toEqual([1]);
  });
});
