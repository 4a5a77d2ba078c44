import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { reviewIdOf, utf8, type AppealGround, type Id } from '@recourse/protocol';
import {
  isRecourseError,
  type CheckAnswer,
  type EvidenceOpening,
  type Recourse,
  type SanctionInput,
} from '@recourse/sdk';
import { newCaseKey, type CaseClient } from '@recourse/sdk/case';
import { prepared } from './play.ts';
import type { Stage } from './stage.ts';

/** A record as its platform keeps it. */
export interface Filing {
  readonly sanction: Id<'snc'>;
  readonly code: string;
  readonly evidence: readonly { source: Uint8Array; opening: EvidenceOpening }[];
  readonly creator: Identifiers;
}

let made = 0;
/** An address that nobody had before. */
export const newEmail = (who: string): string => `${who}-${++made}@mail.example`;

export type Identifiers = Readonly<
  Partial<Record<'email' | 'phone' | 'domain' | 'account', string | readonly string[]>>
>;

/** Records something in order in every form: phishing, with evidence of its own. */
export async function file(
  stage: Stage,
  by: Recourse,
  about: Identifiers & { over?: Partial<SanctionInput> },
): Promise<Filing> {
  const bytes = utf8(`made up for a play: ${randomBytes(12).toString('hex')}`);
  const input = inputFor(stage, about, bytes);
  const { over: _, ...creator } = about;
  const { sanction, caseCode, evidence } = await by.sanctions.submit(input);
  return {
    sanction,
    code: caseCode,
    evidence: evidence.map((opening) => ({ source: bytes, opening })),
    creator,
  };
}

export function inputFor(
  stage: Stage,
  { over, ...about }: Identifiers & { over?: Partial<SanctionInput> },
  bytes: Uint8Array,
): SanctionInput {
  const provenAt = stage.ago(40);
  const creator = Object.fromEntries(
    Object.entries(about).map(([kind, value]) => {
      const control = kind === 'domain' ? 'dns' : 'otp';
      const values = [value].flat().map((one) => ({ value: one, control, provenAt }));
      return [kind, values];
    }),
  );
  return {
    creator,
    reason: 'fraud.phishing',
    action: 'account-terminated',
    incident: { from: stage.ago(30), to: stage.ago(12) },
    decidedAt: stage.ago(6),
    decidedBy: 'human',
    evidence: [{ class: 'captured-artefact', source: bytes }],
    account: 'Made up for a play.',
    policy: 0,
    origin: 'own-detection',
    attest: ['no-authority', 'no-takeover'],
    age: 'unknown',
    notice: 'due',
    ...over,
  };
}

/** Has the registry write to every address of it, which a sandbox does within moments; without one the submitter says so. */
export async function sayNotified(
  stage: Stage,
  by: Recourse,
  { sanction, creator }: Filing,
): Promise<void> {
  const stated = { channel: 'web-message', sentAt: stage.now() } as const;
  await by.sanctions.tell({ sanction, language: 'en', creator, stated });
  for (let tries = 0; tries < 100; tries++) {
    const { deliveries } = await by.sanctions.get({ sanction });
    if (deliveries.every(({ state }) => state !== 'waiting')) return;
    await setTimeout(50);
  }
  prepared(false, 'the notice is sent');
}

/** Recorded, and its creator told: it answers checks from now on. */
export async function fileAndNotify(
  stage: Stage,
  by: Recourse,
  about: Identifiers & { over?: Partial<SanctionInput> },
): Promise<Filing> {
  const filed = await file(stage, by, about);
  await sayNotified(stage, by, filed);
  return filed;
}

export async function check(
  stage: Stage,
  by: Recourse,
  creator: Readonly<Partial<Record<'email' | 'domain' | 'phone' | 'account', string>>>,
): Promise<CheckAnswer> {
  const answer = await by.check(creator, { purpose: 'signup', provenAt: stage.now() });
  if (answer.advice === 'unavailable') throw answer.cause;
  return answer;
}

/** Asserts that a check tells of a record: an attack on one that nobody is told of would show nothing. */
export async function isTold(
  stage: Stage,
  by: Recourse,
  record: { email: string; sanction: string },
): Promise<void> {
  const { matches } = await check(stage, by, { email: record.email });
  prepared(
    matches.some(({ sanction }) => sanction === record.sanction),
    'the record answers a check',
  );
}

/** Proves an address by the code that was mailed there; the keys of the cases that were found. */
export async function findByEmail(
  stage: Stage,
  person: CaseClient,
  email: string,
): Promise<string[]> {
  const newKey = newCaseKey();
  const { find } = await person.find({ kind: 'email', identifier: email, language: 'en' });
  const [mail] = await stage.mailsTo(email);
  const proof = /^ {4}([0-9A-Z]{10})$/m.exec(mail?.text ?? '')?.[1];
  prepared(proof !== undefined, 'a code is mailed to the address');
  const { found } = await person.prove({ find, identifier: email, proof, newKey });
  return found.map(({ n }) => `${newKey}.${n}`);
}

/** A reviewer takes what they are assigned until it is this appeal: the panel may have inspections to make, too. */
export async function assignAppeal(reviewer: Recourse, appeal: Id<'apl'>): Promise<void> {
  for (let tries = 0; tries < 8; tries++) {
    if (reviewIdOf(await reviewer.review.take()) === appeal) return;
  }
  prepared(false, 'the reviewer is assigned the appeal');
}

/** @returns the key of the case */
export async function claimByCode(person: CaseClient, code: string): Promise<string> {
  const newKey = newCaseKey();
  await person.claim({ code, newKey });
  return newKey;
}

export function appealBy(
  person: CaseClient,
  key: string,
  {
    ground = 'facts-wrong',
    words = 'Made up for a play: it was somebody else.',
  }: { ground?: AppealGround; words?: string } = {},
): Promise<{ appeal: Id<'apl'> }> {
  return person.appeal({ key, ground, words, language: 'en' });
}

/** The code that an attempt was refused with, its issue behind it, or `accepted`. */
export async function outcomeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'accepted';
  } catch (error) {
    if (!isRecourseError(error)) throw error;
    const [issue] = error.issues;
    return issue ? `${error.code}/${issue.code}` : error.code;
  }
}

/** What a reviewer does with the next case, as the rules ask: evidence, gist, the creator's answer, decision. */
export interface Hearing {
  readonly reviewer: Recourse;
  readonly submitter: Recourse;
  readonly filed: Filing;
  readonly appeal: Id<'apl'>;
  /** The creator's side */
  readonly person: CaseClient;
  readonly key: string;
}

export async function uphold(hearing: Hearing): Promise<string> {
  const { reviewer, submitter, filed, appeal, person, key } = hearing;
  await submitter.evidence.deliver({ appeal, evidence: [...filed.evidence] });
  await reviewer.evidence.open(appeal);
  await reviewer.evidence.confirm({ appeal });
  const { question } = await reviewer.review.ask({ appeal, kind: 'gist', text: 'Made up gist.' });
  await person.addInformation({ key, text: 'Made up answer.', question });
  const decision = { appeal, sanction: filed.sanction, reasons: 'Made up reasons.' } as const;
  const { outcome } = await reviewer.review.decide({ ...decision, outcome: 'upheld' });
  return outcome ?? 'open';
}
