import { z } from 'zod';
import { appealGrounds } from '../appeal.ts';
import { toldNumbers } from '../claimants.ts';
import { b64u, language, timestamp } from '../schemas.ts';
import { idSchema } from '../typeid.ts';
import { accessOps } from './case-access.ts';
import { appealRecord, maxWords, words } from './appeals.ts';
import { act, by, caseSecret, defineAct as define, jti, signingKey } from './case-act.ts';
import { contactOps } from './case-contact.ts';
import { caseView } from './case-view.ts';
import { sanctionState } from './common.ts';

export { caseSecret, type CaseOperation } from './case-act.ts';

const found = z.object({
  /** Opens with the new key and `.<n>` behind it; 0 where the key itself opens it */
  n: z.int().min(0),
  submitter: z.string(),
  submittedAt: timestamp,
  state: sanctionState,
});

/** Kinds of identifier that a creator proves to the registry; the others go by ticket. */
export const findableKinds = ['email', 'phone', 'domain', 'wallet'] as const;

/** Every operation of the creator; secrets in bodies only. */
export const caseOps = {
  'case.open': define('read', {
    summary: 'Read a case, by a code or by the key of a claimant.',
    input: z.strictObject({ jti, code: caseSecret }),
    output: z.object({ case: caseView }),
  }),
  'case.claim': define('mutation', {
    summary:
      'Become a claimant by a code, with a new key; with the key of a claimant, add the code to their ways in.',
    input: z.strictObject({ jti, code: caseSecret, newKey: caseSecret, signingKey }),
    output: z.object({ sanction: idSchema('snc'), claimedAt: timestamp }),
  }),
  'case.rotate': define('mutation', {
    summary: 'Replace your key of a case.',
    input: z.strictObject({ ...by, newKey: caseSecret }),
    output: z.object({ rotatedAt: timestamp }),
  }),
  'case.numberSince': define('mutation', {
    summary:
      'Say, once, since when the phone number is yours by whose code you came; until then the case keeps its reason.',
    input: z.strictObject({ ...by, since: z.iso.date() }),
    output: z.object({ since: z.iso.date() }),
  }),
  'case.appeal': define('mutation', {
    summary: 'Appeal, with a ground and in your own words.',
    input: z.strictObject({
      ...by,
      ground: z.enum(appealGrounds),
      words: words(maxWords),
      language,
      /** News, once an earlier appeal was decided */
      news: words(maxWords).optional(),
      /** Have another reviewer look at the appeal that was dismissed, once */
      reopen: z.literal(true).optional(),
    }),
    output: appealRecord,
  }),
  'case.join': define('mutation', {
    summary: 'Join the open appeal with a further ground, in your own words; no deadline moves.',
    input: z.strictObject({ ...by, ground: z.enum(appealGrounds), words: words(maxWords) }),
    output: appealRecord,
  }),
  'case.addInformation': define('mutation', {
    summary: 'Add to an open appeal, or answer a question of the reviewer.',
    input: z.strictObject({ ...by, text: words(maxWords), question: idSchema('qst').optional() }),
    output: z.object({ at: timestamp }),
  }),
  'case.addFile': define('mutation', {
    summary:
      'Add a file to an open appeal: at most eight, of 2 MiB each; of a picture no metadata is kept.',
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
  'case.withdrawAppeal': define('mutation', {
    summary:
      'Withdraw from the open appeal, at once when signed, else after 14 days; or, with keep, carry it on.',
    input: z.strictObject({ ...by, keep: z.boolean().optional(), act }),
    output: z.object({
      appeal: idSchema('apl'),
      /** Since when, or from when, this claimant appeals no more */
      withdrawsAt: timestamp.optional(),
      /** The appeal ends, as all who joined it withdrew */
      effectiveAt: timestamp.optional(),
    }),
  }),
  'case.requestErasure': define('mutation', {
    summary:
      'Have erased what you proved of an ended record, after 30 days; on a live record this opens an appeal.',
    input: z.strictObject({
      ...by,
      /** Needed for a live record: what speaks against it */
      words: words(maxWords).optional(),
      language: language.optional(),
      /** Take the request back */
      keep: z.boolean().optional(),
      act,
    }),
    output: z.object({
      /** The appeal that this opens against a live record */
      appeal: idSchema('apl').optional(),
      /** The earliest date for an ended record; later while an appeal or a recall is open */
      notBefore: timestamp.optional(),
    }),
  }),
  'case.receipt': define('read', {
    summary:
      'Get proof of the appeals as a file, with openings of the ledger entries that you may read.',
    input: z.strictObject(by),
    output: z.object({
      registry: z.string(),
      sanction: idSchema('snc'),
      statement: z.string().optional(),
      appeals: z.array(appealRecord),
      openings: z.array(z.record(z.string(), z.json())),
      /** Platforms whose entries are not opened here, as `case.open` counts them */
      toldOthers: z.enum(toldNumbers),
    }),
  }),
  'case.letter': define('read', {
    summary: 'Get a signed letter to show to others, after a reversal, a withdrawal or a finding.',
    input: z.strictObject(by),
    output: z.object({
      /** `recourse-letter+jwt` */
      letter: z.string(),
      text: z.string(),
      /** `recourse-decision+jwt` or `recourse-withdrawal+jwt` behind it */
      artefact: z.string().optional(),
    }),
  }),
  'case.find': define('mutation', {
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
      /**
       * Proof of control: the code mailed or texted, a TXT record of `name` with `value`, a signature over `message`
       */
      proof: z.discriminatedUnion('by', [
        z.object({ by: z.literal('mailed-code') }),
        z.object({ by: z.literal('texted-code') }),
        z.object({ by: z.literal('dns'), name: z.string(), value: z.string() }),
        z.object({ by: z.literal('signature'), message: z.string() }),
      ]),
    }),
  }),
  'case.prove': define('mutation', {
    summary:
      'Hand in the proof: every case of that identifier opens with the new key and its number.',
    input: z.strictObject({
      jti,
      find: idSchema('fnd'),
      /** Asked again, as nothing was kept */
      identifier: z.string().min(3).max(320),
      /** The code or the signature; nothing for a domain */
      proof: z.string().max(300).optional(),
      newKey: caseSecret,
      signingKey,
    }),
    output: z.object({ found: z.array(found) }),
  }),
  'case.ticket': define('mutation', {
    summary: 'Use a ticket that a platform vouched for: every case of that account or IBAN opens.',
    input: z.strictObject({ jti, secret: caseSecret, newKey: caseSecret, signingKey }),
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

/** Bytes of a file, at most. */
export const maxCaseFileBytes = 2 * 1024 * 1024;
