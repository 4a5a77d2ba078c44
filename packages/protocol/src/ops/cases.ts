import { z } from 'zod';
import { appealGrounds } from '../appeal.ts';
import { erasureGrounds } from '../erasure.ts';
import { b64u, language, timestamp } from '../schemas.ts';
import { idSchema } from '../typeid.ts';
import { accessOps } from './case-access.ts';
import { appealRecord, maxWords, words } from './appeals.ts';
import { by, caseSecret, defineAct as define, jti } from './case-act.ts';
import { contactOps } from './case-contact.ts';
import { caseView } from './case-view.ts';
import { sanctionState } from './common.ts';

export { caseSecret, type CaseOperation } from './case-act.ts';

const found = z.object({
  /** Opens with the new key and `.<n>` behind it */
  n: z.int().min(1),
  submitter: z.string(),
  submittedAt: timestamp,
  state: sanctionState,
  claimed: z.boolean(),
});

export const findableKinds = ['email', 'domain', 'wallet'] as const;

/** Every operation of the creator; secrets in bodies only. */
export const caseOps = {
  'case.open': define({
    kind: 'read',
    summary:
      'Read a case by its notice code, its claim key, or a key that was given when it was found.',
    input: z.strictObject({ jti, code: caseSecret }),
    output: z.union([
      z.object({ state: z.literal('open'), case: caseView }),
      /** The code of a case that somebody has claimed: only how to contest that */
      z.object({ state: z.literal('claimed'), claimedAt: timestamp }),
    ]),
  }),
  'case.claim': define({
    kind: 'mutation',
    summary: 'Take a case: from now on only the new key acts on it.',
    input: z.strictObject({ jti, code: caseSecret, newKey: caseSecret }),
    output: z.object({ sanction: idSchema('snc'), claimedAt: timestamp }),
  }),
  'case.rotate': define({
    kind: 'mutation',
    summary: 'Replace the key of a claimed case.',
    input: z.strictObject({ ...by, newKey: caseSecret }),
    output: z.object({ rotatedAt: timestamp }),
  }),
  'case.unlock': define({
    kind: 'mutation',
    summary: 'Show the notice code of a found case: its facts are then readable.',
    input: z.strictObject({ ...by, code: caseSecret }),
    output: z.object({ unlocked: z.literal(true) }),
  }),
  'case.contest': define({
    kind: 'mutation',
    summary:
      'By a key of a found case: take it from whoever has its code alone, whose acts are void; or ask reviewers, where both proved one.',
    input: z.strictObject({
      ...by,
      /** For the reviewers, where they decide; the holder says by the same act why the case is theirs */
      words: words(maxWords).optional(),
    }),
    output: z.object({
      contestedAt: timestamp,
      voided: z.array(z.string()),
      /** Two proved an identifier each: reviewers decide, and until then the holder acts */
      item: idSchema('itm').optional(),
      dueAt: timestamp.optional(),
    }),
  }),
  'case.appeal': define({
    kind: 'mutation',
    summary: 'Appeal, with a ground and in own words.',
    input: z.strictObject({
      ...by,
      ground: z.enum(appealGrounds),
      words: words(maxWords),
      language,
      /** What is new, once an earlier appeal was decided */
      news: words(maxWords).optional(),
      /** Have another reviewer look at the appeal that was dismissed, once */
      reopen: z.literal(true).optional(),
    }),
    output: appealRecord,
  }),
  'case.addInformation': define({
    kind: 'mutation',
    summary: 'Add to an open appeal, or answer a question of the reviewer.',
    input: z.strictObject({ ...by, text: words(maxWords), question: idSchema('qst').optional() }),
    output: z.object({ at: timestamp }),
  }),
  'case.addFile': define({
    kind: 'mutation',
    summary: 'Add a file to an open appeal: at most eight, of 2 MiB each.',
    input: z.strictObject({
      ...by,
      name: z
        .string()
        .min(1)
        .max(120)
        .regex(/^[^\p{Cc}\p{Bidi_Control}/\\]+$/u),
      mediaType: z.enum(['application/pdf', 'image/png', 'image/jpeg', 'image/webp', 'text/plain']),
      bytes: b64u.min(1).max(2_796_203),
    }),
    output: z.object({ file: z.int(), bytes: z.int() }),
  }),
  'case.withdrawAppeal': define({
    kind: 'mutation',
    summary: 'Withdraw the open appeal, effective after 72 hours; or keep it after all.',
    input: z.strictObject({ ...by, keep: z.boolean().optional() }),
    output: z.object({ appeal: idSchema('apl'), effectiveAt: timestamp.optional() }),
  }),
  'case.requestErasure': define({
    kind: 'mutation',
    summary: 'Erase an ended case; or object to a live record, which an appeal then decides.',
    input: z.strictObject({
      ...by,
      ground: z.enum(erasureGrounds),
      /** Needed for an objection to a live record: what speaks against it */
      words: words(maxWords).optional(),
      language: language.optional(),
    }),
    output: z.object({
      requestedAt: timestamp,
      /** `due`: the case opens no more. `waiting`: for the end of the record, an appeal, a recall, or `notBefore` */
      state: z.enum(['due', 'waiting']),
      /** Of a holder who has the code of the notice alone: whoever proves an identifier may take the case before */
      notBefore: timestamp.optional(),
      appeal: idSchema('apl').optional(),
    }),
  }),
  'case.receipt': define({
    kind: 'read',
    summary:
      'Proof of the appeals of a case as a file, with the ledger entries of the case opened.',
    input: z.strictObject(by),
    output: z.object({
      registry: z.string(),
      sanction: idSchema('snc'),
      statement: z.string().optional(),
      appeals: z.array(appealRecord),
      openings: z.array(z.record(z.string(), z.json())),
    }),
  }),
  'case.letter': define({
    kind: 'read',
    summary: 'After a reversal, a withdrawal or a finding: a signed letter to show to others.',
    input: z.strictObject(by),
    output: z.object({
      /** `recourse-letter+jwt` */
      letter: z.string(),
      text: z.string(),
      /** `recourse-decision+jwt` or `recourse-withdrawal+jwt` behind it */
      artefact: z.string().optional(),
    }),
  }),
  'case.find': define({
    kind: 'mutation',
    summary:
      'Ask for a one-time proof of an identifier. The answer is the same whether or not anything is held.',
    input: z.strictObject({
      jti,
      kind: z.enum(findableKinds),
      identifier: z.string().min(3).max(320),
      language: language.optional(),
    }),
    output: z.object({
      find: idSchema('fnd'),
      expiresAt: timestamp,
      /** What proves control: the code mailed, a TXT record of `name` with `value`, a signature over `message` */
      proof: z.discriminatedUnion('by', [
        z.object({ by: z.literal('mailed-code') }),
        z.object({ by: z.literal('dns'), name: z.string(), value: z.string() }),
        z.object({ by: z.literal('signature'), message: z.string() }),
      ]),
    }),
  }),
  'case.prove': define({
    kind: 'mutation',
    summary:
      'Hand in the proof: every case of that identifier opens with the new key and its number.',
    input: z.strictObject({
      jti,
      find: idSchema('fnd'),
      /** Asked again, as nothing was kept */
      identifier: z.string().min(3).max(320),
      /** The mailed code or the signature; nothing for a domain */
      proof: z.string().max(300).optional(),
      newKey: caseSecret,
    }),
    output: z.object({ found: z.array(found) }),
  }),
  'case.ticket': define({
    kind: 'mutation',
    summary: 'Use a ticket that a platform vouched for: every case of that account or IBAN opens.',
    input: z.strictObject({ jti, secret: caseSecret, newKey: caseSecret }),
    output: z.object({ found: z.array(found) }),
  }),
  ...contactOps,
  ...accessOps,
};

export type CaseOps = typeof caseOps;
export type CaseOpName = keyof CaseOps;
export type CaseInput<N extends CaseOpName> = z.input<CaseOps[N]['input']>;
export type CaseOutput<N extends CaseOpName> = z.output<CaseOps[N]['output']>;

/** Own properties only: the name is attacker-controlled. */
export function isCaseOpName(name: string): name is CaseOpName {
  return Object.hasOwn(caseOps, name);
}

export const maxCaseFiles = 8;
export const maxCaseFileBytes = 2 * 1024 * 1024;
