import { signCompact, toNumericDate, type Submission, type Withdrawal } from '@recourse/protocol';
import {
  buildSubmission,
  testId,
  testOrigin,
  type SubmissionOptions,
  type TestAnswer,
  type TestKey,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';

export const day = 86_400;

type Build = Partial<Pick<SubmissionOptions, 'signedBy' | 'statement' | 'subjects' | 'submission'>>;

/** A submission by a trust key of Harbour, unless a test says otherwise. */
export const build = (registry: TestRegistry, options: Build = {}): Promise<Submission> =>
  buildSubmission({
    signedBy: registry.parties.harbour.trust,
    audience: testOrigin,
    now: registry.now(),
    ...options,
  });

/** Submits, and fails the test when that is refused. */
export async function submit(
  registry: TestRegistry,
  options: Build = {},
): Promise<{ id: string; input: Submission }> {
  const input = await build(registry, options);
  const answer = await registry.call(registry.parties.harbour.service, 'sanctions.submit', input);
  if (answer.status !== 200) throw new Error(answer.raw.body);
  return { id: answer.body.result.sanction, input };
}

/** Delivers a notice, and reads the record as its submitter does. */
export async function notify(
  registry: TestRegistry,
  id: string,
  subjects: readonly number[] = [0],
): Promise<TestAnswer> {
  await registry.deliver(id, subjects);
  return registry.call(registry.parties.harbour.service, 'sanctions.get', {
    sanction: id as `snc_${string}`,
  });
}

/** The submitter says that it told the creator itself: of a record without an address to write to. */
export const stateNotice = (registry: TestRegistry, id: string): Promise<TestAnswer> =>
  registry.call(registry.parties.harbour.trust, 'sanctions.stateNotice', {
    sanction: id as `snc_${string}`,
    channel: 'web-message',
    language: 'en',
    sentAt: toNumericDate(registry.now()),
  });

export async function withdraw(
  registry: TestRegistry,
  id: string,
  options: { key?: TestKey; carrier?: TestKey; claims?: Partial<Withdrawal> } = {},
): Promise<TestAnswer> {
  const key = options.key ?? registry.parties.harbour.trust;
  const withdrawal = await signCompact(key.signer, 'recourse-withdrawal+jwt', {
    iss: key.party,
    aud: testOrigin,
    sub: id,
    cause: 'error',
    iat: toNumericDate(registry.now()),
    ...options.claims,
  });
  return registry.call(options.carrier ?? key, 'sanctions.withdraw', { withdrawal });
}

/** Tells a platform of a version of a sanction, as the commit of a check does. */
export async function disclose(
  registry: TestRegistry,
  disclosure: { sanction: string; version?: number; to: TestPlatform },
): Promise<void> {
  const { sanction, version = 1, to } = disclosure;
  const at = registry.now();
  const check = testId('chk', at);
  await registry.db
    .insertInto('checks')
    .values({ id: check, party: to.id, purpose: 'signup', elements: 1, proven_at: null, at })
    .execute();
  await registry.db
    .insertInto('disclosures')
    .values({ sanction, version, party: to.id, at })
    .execute();
  await registry.db
    .insertInto('matches')
    .values({
      id: testId('mat', at),
      check_id: check,
      party: to.id,
      sanction,
      version,
      purpose: 'signup',
      told_at: at,
      due_at: at,
      outcome: null,
      outcome_at: null,
      reviewed_at: null,
      notice_sent_at: null,
      positions: [0],
    })
    .execute();
}

export const problem = (answer: TestAnswer): string[] => [
  String(answer.body.type ?? answer.status).replace(/^.*\/problems\//, ''),
  ...(answer.body.issues ?? []).map((issue: { code: string }) => issue.code),
];

export async function sqlState(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
  return 'accepted';
}

/** What attacks by the service role come to, each state once, and what they come to without the control. */
export async function tried(
  registry: TestRegistry,
  attacks: readonly string[],
  control: string,
): Promise<string[][]> {
  const states = async (): Promise<string[]> => {
    const found = new Set<string>();
    for (const attack of attacks) found.add(await sqlState(sql.raw(attack).execute(registry.db)));
    return [...found];
  };
  const refused = await states();
  await sql.raw(control).execute(registry.ownerDb);
  return [refused, await states()];
}

export async function count(registry: TestRegistry, table: string): Promise<number> {
  const { rows } = await sql<{
    n: number;
  }>`select count(*)::int n from ${sql.table(table)}`.execute(registry.db);
  return rows[0]?.n ?? 0;
}
