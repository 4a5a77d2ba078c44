import {
  maxSealingKeys,
  sealingKeyStatementSchema,
  thumbprint,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict, invalid } from '../../kernel/refusal.ts';
import { openOwnArtefact } from '../../parties/opening.ts';
import { lockParty } from '../../parties/store.ts';
import { assertOnCurve } from '../../review/evidence.rules.ts';
import { putSealingKey, sealingKeysOf } from '../../review/journal-store.ts';

/** Publishes what journals are sealed to for the holder of the calling key. A new one takes the place of the old. */
export async function addSealingKey(
  ctx: CallContext,
  { statement }: OpInput<'journals.addKey'>,
): Promise<OpOutput<'journals.addKey'>> {
  const { db, caller } = ctx;
  const { kid, party } = caller;
  const artefact = {
    compact: statement,
    member: 'statement',
    typ: 'recourse-sealing-key+jwt',
  } as const;
  const { iss, key } = await openOwnArtefact(ctx, artefact, sealingKeyStatementSchema);
  if (iss !== party) throw invalid('statement.iss', 'not-the-caller');
  assertOnCurve(key, 'statement.key');
  // Two holders at once would both be the last for whom there is room.
  await lockParty(db, party);
  const others = (await sealingKeysOf(db, party)).filter((one) => one.kid !== kid);
  if (others.length >= maxSealingKeys) throw conflict('statement', 'too-many-keys');
  const sealingKid = thumbprint(key);
  const isOwn = await putSealingKey(db, { kid, party, sealing_kid: sealingKid, statement });
  if (!isOwn) throw invalid('statement.key', 'not-fresh');
  return { kid: sealingKid };
}
