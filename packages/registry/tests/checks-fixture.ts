import { blind, ready } from '@recourse/blind';
import { deriveKeyPair, evaluateBatch } from '@recourse/blind/server';
import {
  isId,
  toBase64url,
  toNumericDate,
  type OpOutput,
  type Purpose,
  type Subject,
} from '@recourse/protocol';
import {
  buildSubmission,
  random32,
  startTestRegistry,
  testOrigin,
  type SubmissionOptions,
  type TestAnswer,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { createTokenService } from '../src/lookup/epochs/token-service.ts';

const day = 86_400;

type RegistryOptions = NonNullable<Parameters<typeof startTestRegistry>[0]>;

/** A registry with two live epochs, whose platforms have left their probation behind. */
export async function startCheckRegistry(
  options: Pick<RegistryOptions, 'vaultKey' | 'place' | 'unused'> = {},
): Promise<TestRegistry> {
  await ready();
  const epochs = [1, 2].map((epoch) => ({
    epoch,
    ...deriveKeyPair(new Uint8Array(32).fill(epoch), `epoch ${epoch}`),
    opensAt: new Date(0),
  }));
  const pool = {
    evaluate: async (batch: Parameters<typeof evaluateBatch>[0]) => evaluateBatch(batch),
  };
  const tokens = createTokenService({
    epochs: () => epochs,
    publicKeyOf: () => undefined,
    pool,
    clock: () => new Date(),
  });
  const registry = await startTestRegistry({ tokens, ...options });
  await registry.ownerDb
    .updateTable('parties')
    .set({
      registered_at: new Date('2020-01-01'),
      enabled_reasons: ['fraud.phishing', 'fraud.scam'],
      submissions_per_day: 1_000_000,
    })
    .execute();
  return registry;
}

export const token = random32;

export interface ListedRecord {
  readonly subjects: readonly Partial<Subject>[];
  readonly statement?: NonNullable<SubmissionOptions['statement']>;
  readonly submission?: NonNullable<SubmissionOptions['submission']>;
}

/** Submits and notifies a record that answers at once; returns its id. */
export async function list(
  registry: TestRegistry,
  by: TestPlatform,
  record: ListedRecord,
): Promise<string> {
  const submission = await buildSubmission({
    signedBy: by.trust,
    audience: testOrigin,
    now: registry.now(),
    ...record,
  });
  const submitted = await registry.call(by.service, 'sanctions.submit', submission);
  const { sanction } = resultOf(submitted) as { sanction: unknown };
  if (!isId('snc', sanction)) throw new Error('no sanction');
  await registry.deliver(sanction);
  return sanction;
}

/** A subject with a proof of control in the time of the default incident. */
export const subject = (
  kind: Subject['kind'],
  changes: Partial<Subject> = {},
): Partial<Subject> => ({
  kind,
  control: kind === 'domain' ? 'dns' : 'otp',
  token: token(),
  ...changes,
});

export const newElement = (): string =>
  blind([Buffer.from('x')])
    .blinded.map(toBase64url)
    .join();

/** Tokens that a check of {@link openCheck} may ask. */
const elements = 8;

export async function openCheck(
  registry: TestRegistry,
  by: TestPlatform,
  purpose: Purpose = 'signup',
): Promise<string> {
  const evaluate = () =>
    registry.call(by.service, 'checks.evaluate', {
      purpose,
      epochs: registry.services.tokens
        .epochs()
        .slice(0, 1)
        .map(({ epoch }) => epoch),
      blinded: Array.from({ length: elements }, newElement),
      provenAt: toNumericDate(registry.now()),
    });
  let answer = await evaluate();
  // After months that a test lets pass it owes the outcomes of what it was told before.
  if (answer.status === 403 && (await reportOwed(registry, by))) answer = await evaluate();
  return (resultOf(answer) as { check: string }).check;
}

/** A platform reports everything that it owes. @returns whether it owed something */
async function reportOwed(registry: TestRegistry, by: TestPlatform): Promise<boolean> {
  for (let hasOwed = false; ; hasOwed = true) {
    const { owed } = resultOf(
      await registry.call(by.service, 'checks.owed', {}),
    ) as OpOutput<'checks.owed'>;
    if (owed.length === 0) return hasOwed;
    const outcomes = owed.map(({ match }) => ({ match, outcome: 'admitted' as const }));
    resultOf(await registry.call(by.service, 'checks.report', { outcomes }));
  }
}

export interface AskedCheck {
  readonly check: string;
  readonly tokens: readonly (string | { epoch: number; token: string })[];
}

export function ask(
  registry: TestRegistry,
  by: TestPlatform,
  check: AskedCheck,
): Promise<TestAnswer> {
  return registry.call(by.service, 'checks.match', {
    check: check.check as `chk_${string}`,
    tokens: check.tokens.map((token) => (typeof token === 'string' ? { epoch: 1, token } : token)),
  });
}

/** Opens a check and asks. */
export async function askNew(
  registry: TestRegistry,
  by: TestPlatform,
  tokens: AskedCheck['tokens'],
): Promise<TestAnswer> {
  return ask(registry, by, { check: await openCheck(registry, by), tokens });
}

/** The result of an answer that must not be a problem. */
export function resultOf(answer: TestAnswer): unknown {
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return (answer.body as { result: unknown }).result;
}

export const daysAgo = (registry: TestRegistry, days: number): number =>
  toNumericDate(registry.now()) - days * day;
