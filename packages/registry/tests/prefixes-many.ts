import { testId, type TestRegistry } from '@recourse/testkit';
import { randomBytes } from 'node:crypto';
import { placeOf } from '../src/vault/vault.ts';
import { peekStatement } from '../src/parties/opening.ts';
import { commitmentsIn } from '../src/submissions/recording.ts';
import { recordInsert } from '../src/submissions/submission-store.ts';
import { submit } from './sanctions-harness.ts';
import { tokenWith } from './prefixes-fixture.ts';

const perRecord = 8;

/** Writes records as a submission does, each in a transaction of its own, without the call around it. */
export async function recorder(registry: TestRegistry): Promise<() => Promise<string[]>> {
  const { id } = await submit(registry);
  const { db, services } = registry;
  const like = await db
    .selectFrom('sanctions')
    .select(['party', 'kid', 'holder', 'statement', 'reason', 'age', 'decided_at', 'incident_from'])
    .select(['incident_to', 'expires_at', 'drafted_at', 'draft_lapses_at', 'submitted_at'])
    .select(['notice_due_at', 'prior_match', 'relayed', 'evades', 'ref', 'commitments'])
    .select(['epoch', 'account', 'proof', 'backlogged', 'next_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const evidence = commitmentsIn(peekStatement(like.statement).payload);
  return async () => {
    const at = registry.now();
    const id = testId('snc', at);
    const sanction = { ...like, id };
    const { key, wrapped } = services.vault.createCase(id);
    const tokens = Array.from({ length: perRecord }, () => tokenWith());
    const subjects = tokens.map((token, position) => ({
      lookup: services.vault.lookup(token),
      epoch: 1,
      sanction: id,
      position,
      kind: 'domain' as const,
      control: 'dns' as const,
      proven_at: like.incident_from,
      matches_until: like.expires_at,
      sealed: key.sealJson(
        { salt: token, token },
        placeOf('subjects.sealed', { sanction: id, position, epoch: 1 }),
      ),
    }));
    const code = randomBytes(32).toString('hex');
    const record = {
      sanction,
      wrappedKey: wrapped,
      evidence,
      code,
      subjects,
      event: 'submitted' as const,
      at,
    };
    await db.executeQuery(recordInsert(db, record).query);
    return tokens;
  };
}
