import {
  signCompact,
  toNumericDate,
  toTimestamp,
  type CaseInput,
  type CaseOutput,
  type Letter,
  type PartyId,
} from '@recourse/protocol';
import { lockAsClaimant } from '../../cases/access.ts';
import type { CaseContext } from '../../cases/context.ts';
import { partyOf } from '../../parties/store.ts';
import { endOf, findingOf } from '../../cases/view-store.ts';
import { refusal } from '../../kernel/refusal.ts';

interface LetterFacts {
  readonly outcome: Letter['outcome'];
  readonly cause: string;
  readonly at: Date;
  readonly artefact: string | null;
}

/**
 * After a reversal, a withdrawal, a finding, or an end that nobody decided: the registry says so, signed, for the creator to show to others.
 * @throws Problem `state-conflict` while there is nothing to say
 */
export async function letterOfCase(
  ctx: CaseContext,
  { key }: CaseInput<'case.letter'>,
): Promise<CaseOutput<'case.letter'>> {
  const { record } = await lockAsClaimant(ctx, key);
  const righted = await rightedBy(ctx, record.id);
  if (!righted) throw refusal('state-conflict', 'key', 'not-righted');
  const { name } = await partyOf(ctx.db, record.party);
  const letter: Letter = {
    iss: ctx.services.origin,
    sub: record.id,
    submitter: record.party as Extract<PartyId, `plt_${string}`>,
    submitterName: name,
    outcome: righted.outcome,
    cause: righted.cause,
    endedAt: toNumericDate(righted.at),
    iat: toNumericDate(ctx.now),
  };
  return {
    letter: await signCompact(ctx.services.receiptSigner, 'recourse-letter+jwt', letter),
    text: textOf(letter, righted.at),
    ...(righted.artefact === null ? {} : { artefact: righted.artefact }),
  };
}

/** A finding says more than the end that came before it. */
async function rightedBy({ db }: CaseContext, sanction: string): Promise<LetterFacts | undefined> {
  const finding = await findingOf(db, sanction);
  if (finding) return { ...finding, outcome: 'finding', cause: finding.cause ?? 'restore' };
  const end = await endOf(db, sanction);
  return end && { ...end, outcome: end.kind };
}

const said: Readonly<Record<Letter['outcome'], string>> = {
  reversed: 'That record was reversed on appeal.',
  withdrawn: 'That record was withdrawn by the platform that made it.',
  undecided:
    'Nobody decided the appeal against that record in time, so it ended: it was found neither right nor wrong.',
  finding: 'That record had ended when it was found on appeal to have been wrong.',
};

const textOf = (letter: Letter, at: Date): string =>
  [
    `${letter.submitterName} recorded a sanction at the registry ${letter.iss}, under the number ${letter.sub}.`,
    `${said[letter.outcome]} Cause: ${letter.cause}. Date: ${toTimestamp(at)}.`,
    'It answers no check any more. Every platform that was told of it was asked to undo what it did because of it.',
  ].join('\n\n');
