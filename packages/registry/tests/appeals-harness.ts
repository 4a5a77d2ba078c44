import {
  caseKey,
  generalJweSchema,
  newId,
  reasonCodes,
  reasonsCommitment,
  signCompact,
  thumbprint,
  toNumericDate,
  type AppealGround,
  type Decision,
  type GeneralJwe,
  type Id,
  type ReasonCode,
  type SanctionStatement,
  type SealingKey,
  type Subject,
} from '@recourse/protocol';
import {
  buildSubmission,
  newSecret,
  random32,
  testOrigin,
  type TestAnswer,
  type TestKey,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { GeneralEncrypt, generateKeyPair, importJWK } from 'jose';
import { openAppeal } from '../src/review/open-appeal.ts';
import type { AppealRow } from '../src/review/store.ts';
import { findClaimant } from '../src/review/claimant-store.ts';
import { Changes } from '../src/commit/changes.ts';
import { writeNextInstants } from '../src/records/next-instant.ts';
import { applyDueSteps } from '../src/records/apply-due-steps.ts';
import type { LockedRecord, TransitionContext } from '../src/records/transition-context.ts';
import { lockRecord } from '../src/records/lock-record.ts';
import { askNew, resultOf, startCheckRegistry, subject } from './checks-fixture.ts';
import { signingKey } from './signing-keys.ts';

export const day = 86_400;

/** Checks answer with real tokens, and every reason is enabled. */
export async function startAppealRegistry(
  options: Parameters<typeof startCheckRegistry>[0] = {},
): Promise<TestRegistry> {
  const registry = await startCheckRegistry(options);
  await registry.ownerDb
    .updateTable('parties')
    .set({ enabled_reasons: [...reasonCodes] })
    .execute();
  return registry;
}

/** To an instant, and so many seconds past it. */
export function advanceTo(registry: TestRegistry, at: string | Date, past = 2): void {
  registry.advance((new Date(at).getTime() - registry.now().getTime()) / 1000 + past);
}

export interface TestCase {
  readonly sanction: Id<'snc'>;
  /** Secret of whoever claimed the case, and who that is */
  readonly key: string;
  readonly claimant: string;
  readonly tokens: readonly string[];
}

interface NewCase {
  readonly by?: TestPlatform;
  readonly statement?: Partial<SanctionStatement>;
  /** Its hold is over before anybody asks, whatever its code */
  readonly shown?: true;
  readonly subjects?: readonly Partial<Subject>[];
  readonly notify?: boolean;
  readonly evades?: Id<'snc'>;
  /** Platforms that are told of it */
  readonly told?: readonly TestPlatform[];
}

/** A record of Harbour that answers at once, told to platforms, and claimed by its creator. */
/** A record on a code next to speech. */
export const impersonation = (): Partial<SanctionStatement> => ({
  reason: 'identity.impersonation',
  evidence: [{ class: 'claimant-verification', commitment: random32() }],
});

export async function newCase(registry: TestRegistry, options: NewCase = {}): Promise<TestCase> {
  const { by = registry.parties.harbour, told = [registry.parties.tubely] } = options;
  const subjects = options.subjects ?? [subject('domain'), subject('email')];
  const [code, key] = [newSecret(), newSecret()];
  const submission = await buildSubmission({
    signedBy: by.trust,
    audience: testOrigin,
    now: registry.now(),
    subjects,
    ...(options.statement ? { statement: options.statement } : {}),
    submission: {
      caseKey: caseKey(code),
      ...(options.evades ? { evades: options.evades } : {}),
    },
  });
  const { sanction } = resultOf(
    await registry.call(by.service, 'sanctions.submit', submission),
  ) as { sanction: Id<'snc'> };
  if (options.notify !== false) await notify(registry, { sanction });
  const tokens = submission.tokens.map(({ token }) => token);
  if (options.shown) registry.advance(15 * day);
  for (const platform of told) resultOf(await askNew(registry, platform, [tokens[0]!]));
  const claimed = await registry.caseCall('case.claim', { code, newKey: key, signingKey });
  if (claimed.status !== 200) throw new Error(claimed.raw.body);
  const { id: claimant } = (await findClaimant(registry.db, caseKey(key)))!;
  return { sanction, key, claimant, tokens };
}

/** Delivers a notice to every identifier of a record. */
export const notify = (
  registry: TestRegistry,
  { sanction }: { sanction: Id<'snc'> },
): Promise<string[]> => registry.deliver(sanction);

/** One transition in a transaction, as a procedure makes it. */
export async function act<T>(
  registry: TestRegistry,
  sanction: string,
  run: (ctx: TransitionContext, record: LockedRecord) => Promise<T>,
): Promise<T> {
  const { services } = registry;
  const now = services.clock();
  const unique = (): string => newId('evd', { now, random: services.random });
  return registry.db.transaction().execute(async (db) => {
    const ctx = { db, now, services, changes: new Changes({ caller: 'case', now, unique }) };
    const locked = await lockRecord(ctx, sanction);
    const done = await run(ctx, await applyDueSteps(ctx, locked!));
    await writeNextInstants(ctx);
    return done;
  });
}

interface AppealOptions {
  readonly ground?: AppealGround;
  readonly language?: string;
  readonly news?: string;
}

/** Opens an appeal by a claimant. */
export const appealCase = (
  registry: TestRegistry,
  theCase: Pick<TestCase, 'sanction' | 'claimant'>,
  { ground = 'disproportionate', language = 'en', news }: AppealOptions = {},
): Promise<AppealRow> =>
  act(registry, theCase.sanction, (ctx, record) =>
    openAppeal(ctx, record, {
      claimant: theCase.claimant,
      ground,
      words: 'I only shared a screenshot of it.',
      language,
      news,
    }),
  );

export interface Reviewer {
  readonly key: TestKey;
  readonly sealing: SealingKey;
  readonly kid: string;
  readonly answer: TestAnswer;
}

/** What stands in the invitation of a reviewer, which no call changes. */
export async function seatAs(
  registry: TestRegistry,
  { holder }: TestKey,
  terms: { languages?: string[]; optOut?: ReasonCode[] },
): Promise<void> {
  const { languages = [], optOut = [] } = terms;
  const set = registry.ownerDb.updateTable('holders').set({ languages, opt_out: optOut });
  await set.where('id', '=', holder).execute();
}

export const assign = (registry: TestRegistry, key: TestKey): Promise<TestAnswer> =>
  registry.call(key, 'review.claim', {});

export async function newSealingKey(): Promise<SealingKey> {
  const options = { crv: 'P-256', extractable: true } as const;
  const { publicKey } = await generateKeyPair('ECDH-ES+A256KW', options);
  const { x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  return { kty: 'EC', crv: 'P-256', x: x!, y: y! };
}

export const signClaim = (
  registry: TestRegistry,
  claim: { by: TestKey; appeal: string; key: SealingKey; aud?: string },
): Promise<string> =>
  signCompact(claim.by.signer, 'recourse-claim+jwt', {
    iss: 'panel',
    aud: claim.aud ?? testOrigin,
    appeal: claim.appeal,
    key: claim.key,
    iat: toNumericDate(registry.now()),
  });

/** Takes the assigned case with a fresh key. */
export async function takeWithKey(
  registry: TestRegistry,
  by: TestKey,
  appeal: string,
): Promise<Reviewer> {
  const sealing = await newSealingKey();
  const claim = await signClaim(registry, { by, appeal, key: sealing });
  const answer = await registry.call(by, 'review.claim', { claim });
  return { key: by, sealing, kid: thumbprint(sealing), answer };
}

/** Assigned and taken; the test fails where another appeal is assigned. */
export async function claimCase(
  registry: TestRegistry,
  by: TestKey,
  appeal: string,
): Promise<Reviewer> {
  const assigned = resultOf(await assign(registry, by)) as { appeal: string };
  if (assigned.appeal !== appeal) throw new Error('another appeal was assigned');
  const reviewer = await takeWithKey(registry, by, appeal);
  resultOf(reviewer.answer);
  return reviewer;
}

/** For a single recipient jose would put `epk` into the protected header, so one more is sealed to and left out. */
export async function seal(to: readonly SealingKey[]): Promise<GeneralJwe> {
  const alg = 'ECDH-ES+A256KW';
  const jwe = new GeneralEncrypt(Buffer.from('captured')).setProtectedHeader({ enc: 'A256GCM' });
  for (const key of [...to, await newSealingKey()]) {
    jwe
      .addRecipient(await importJWK({ ...key }, alg))
      .setUnprotectedHeader({ alg, kid: thumbprint(key) });
  }
  const sealed = await jwe.encrypt();
  const { protected: header, iv, ciphertext, tag } = sealed;
  const recipients = sealed.recipients.slice(0, to.length);
  return generalJweSchema.parse({ protected: header, iv, ciphertext, tag, recipients });
}

export const deliver = async (
  registry: TestRegistry,
  delivery: { appeal: string; to: readonly Reviewer[]; item?: number; key?: TestKey },
): Promise<TestAnswer> =>
  registry.call(delivery.key ?? registry.parties.harbour.service, 'evidence.deliver', {
    appeal: delivery.appeal as Id<'apl'>,
    item: delivery.item ?? 0,
    jwe: await seal(delivery.to.map(({ sealing }) => sealing)),
  });

export const decisionOf = async (
  registry: TestRegistry,
  options: {
    by: TestKey;
    sanction: string;
    appeal: string;
    decision: Partial<Decision>;
    tie?: string;
  },
) => {
  const { tie } = options;
  const text = 'What was delivered shows the page.';
  const reasons = { text, salt: random32(), ...(tie === undefined ? {} : { tie }) };
  const decision = await signCompact(options.by.signer, 'recourse-decision+jwt', {
    iss: 'panel',
    aud: testOrigin,
    sub: options.sanction,
    appeal: options.appeal,
    reasons: reasonsCommitment(reasons),
    iat: toNumericDate(registry.now()),
    ...options.decision,
  });
  return { decision, reasons };
};

export const decide = async (
  registry: TestRegistry,
  options: Parameters<typeof decisionOf>[1],
): Promise<TestAnswer> =>
  registry.call(options.by, 'review.decide', await decisionOf(registry, options));

/** Sends the gist, delivers and confirms, and has the creator answer: anything may be decided then. */
async function makeReady(
  registry: TestRegistry,
  opened: TestCase & { appeal: string; reviewers: readonly Reviewer[] },
): Promise<void> {
  const appeal = opened.appeal as Id<'apl'>;
  const [first] = opened.reviewers;
  const input = { appeal, kind: 'gist', text: 'It shows the page at your domain.' } as const;
  const { question } = resultOf(await registry.call(first!.key, 'review.ask', input)) as {
    question: Id<'qst'>;
  };
  resultOf(await deliver(registry, { appeal, to: opened.reviewers }));
  resultOf(await registry.call(first!.key, 'evidence.confirm', { appeal }));
  const answer = { key: opened.key, text: 'That domain was sold.', question };
  const answered = await registry.caseCall('case.addInformation', answer);
  if (answered.status !== 200) throw new Error(answered.raw.body);
}

/** An appeal with one reviewer who may decide anything. */
export async function readyCase(
  registry: TestRegistry,
  options: NewCase & AppealOptions & { reviewers?: readonly TestKey[] } = {},
): Promise<TestCase & { appeal: Id<'apl'>; reviewers: readonly Reviewer[] }> {
  const theCase = await newCase(registry, options);
  const { id: appeal } = await appealCase(registry, theCase, options);
  const reviewers: Reviewer[] = [];
  for (const key of options.reviewers ?? [registry.parties.panel[0]]) {
    reviewers.push(await claimCase(registry, key, appeal));
  }
  await makeReady(registry, { ...theCase, appeal, reviewers });
  return { ...theCase, appeal, reviewers };
}

/** The sanction as its submitter reads it. */
export const sanctionOf = async (registry: TestRegistry, sanction: string) =>
  (
    await registry.call(registry.parties.harbour.service, 'sanctions.get', {
      sanction: sanction as Id<'snc'>,
    })
  ).body.result;

export const appealOf = async (registry: TestRegistry, appeal: string, key?: TestKey) =>
  (
    await registry.call(key ?? registry.parties.harbour.trust, 'appeals.get', {
      appeal: appeal as Id<'apl'>,
    })
  ).body.result;

/** What one platform owes of a sanction, oldest first. */
export async function recallsOf(
  registry: TestRegistry,
  sanction: string,
): Promise<{ kind: string; version: number; party: string; superseded_by: string | null }[]> {
  return registry.db
    .selectFrom('recalls')
    .select(['kind', 'version', 'party', 'superseded_by'])
    .where('sanction', '=', sanction)
    .orderBy('version')
    .execute();
}

export async function eventsOf(
  registry: TestRegistry,
  recipient: { sanction: string; party: string },
): Promise<string[]> {
  const rows = await registry.db
    .selectFrom('events')
    .select('type')
    .where('sanction', '=', recipient.sanction)
    .where('party', '=', recipient.party)
    .orderBy('seq')
    .execute();
  return rows.map(({ type }) => type);
}

/** Whether a platform is answered with a record of this token. */
export async function answers(registry: TestRegistry, token: string): Promise<boolean> {
  const answer = resultOf(await askNew(registry, registry.parties.market, [token]));
  return (answer as { matches: unknown[] }).matches.length > 0;
}
