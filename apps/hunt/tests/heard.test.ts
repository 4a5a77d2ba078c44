import { startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heard } from '../src/laws/heard.ts';
import { Stage } from '../src/world/stage.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

/** A record about the victim that was upheld, behind a gist and a joining in this order, within one second. */
async function upheldAfter(order: readonly ('gist' | 'join')[]) {
  const { market } = registry.parties;
  const stage = new Stage(registry, { newcomer: market, support: market.trust });
  const [sanction, by] = ['snc_x' as const, 'reviewer-1'];
  stage.begin('a1');
  stage.make('record', {
    sanction,
    submitter: 'harbour',
    about: 'victim',
    subjects: [],
    owners: [],
    reason: 'fraud.scam',
    evidence: 1,
    exp: 0,
    decidedAt: 0,
  });
  stage.make('seat', { appeal: 'itm_x', sanction, by });
  for (const one of order) {
    const at = stage.instant;
    if (one === 'gist') stage.facts.asked.push({ sanction, question: 'qst_x', kind: 'gist', at });
    else stage.facts.joined.push({ sanction, claimant: 'clm_x', by: 'victim', at });
  }
  const outcome = { outcome: 'upheld', cause: undefined, review: 'apl_x', isDecided: true, at: 0 };
  stage.facts.decisions.push({ by, submitter: 'harbour', sanction, ...outcome });
  const act = {
    id: 'a2',
    by,
    op: 'review.decide',
    refs: { seat: 'a1/seat/0' },
    literals: { verdict: 'upheld' },
  } as const;
  return heard({ stage, act, came: { accepted: true, code: 'ok' }, enemies: new Set() });
}

test('whoever joined before a gist is waited for, and behind it is not, within one second', async () => {
  expect(await upheldAfter(['join', 'gist'])).toMatchObject({ kind: 'upheld unheard' });
  expect(await upheldAfter(['gist', 'join'])).toBeUndefined();
});
