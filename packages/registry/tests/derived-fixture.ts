import {
  isId,
  signCompact,
  toNumericDate,
  type DerivedConfirmation,
  type Id,
  type Match,
  type OpOutput,
} from '@recourse/protocol';
import {
  random32,
  testOrigin,
  type TestAnswer,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { withdraw } from './sanctions-harness.ts';
import { askNew, daysAgo, list, resultOf, subject } from './checks-fixture.ts';

export const day = 86_400;

/** A record that answers at once, about these tokens, for conduct that the same platform did not record yet. */
// One line a record in many tests; the epoch only in those of a rotation.
// oxlint-disable-next-line max-params
export async function record(
  registry: TestRegistry,
  by: TestPlatform,
  tokens: readonly string[],
  epoch = 1,
): Promise<Id<'snc'>> {
  const sanction = await list(registry, by, {
    subjects: tokens.map((token) =>
      subject('domain', { token, epoch, provenAt: daysAgo(registry, 1) }),
    ),
    statement: {
      decided_at: toNumericDate(registry.now()) - 60,
      incident_from: daysAgo(registry, 0) - 3600,
      incident_to: daysAgo(registry, 0) - 1800,
    },
  });
  if (!isId('snc', sanction)) throw new Error('no sanction');
  return sanction;
}

/** What a platform is told about these tokens, in a check of its own. */
export async function matchesOf(
  registry: TestRegistry,
  by: TestPlatform,
  tokens: readonly string[],
): Promise<readonly Match[]> {
  return (resultOf(await askNew(registry, by, tokens)) as OpOutput<'checks.match'>).matches;
}

/** A record of Harbour, and one derived from it by Tubely, who was told of it first. */
export async function newDerived(
  registry: TestRegistry,
): Promise<{ source: Id<'snc'>; derived: Id<'snc'>; token: string; toldAt: Date }> {
  const { harbour, tubely } = registry.parties;
  const token = random32();
  const source = await record(registry, harbour, [token]);
  const toldAt = registry.now();
  await matchesOf(registry, tubely, [token]);
  registry.advance(60);
  return { source, derived: await record(registry, tubely, [token]), token, toldAt };
}

type Item = DerivedConfirmation['evidence'][number];

export const ownItem = (registry: TestRegistry, overrides: Partial<Item> = {}): Item => ({
  class: 'captured-artefact',
  commitment: random32(),
  collected_at: toNumericDate(registry.now()),
  basis: 'later',
  ...overrides,
});

interface Confirming {
  readonly evidence?: readonly Item[];
  readonly by?: TestPlatform;
  readonly claims?: Partial<DerivedConfirmation>;
}

const signedConfirmation = (
  registry: TestRegistry,
  derived: string,
  { by = registry.parties.tubely, evidence = [ownItem(registry)], claims }: Confirming = {},
): Promise<string> =>
  signCompact(by.trust.signer, 'recourse-echo+jwt', {
    iss: by.id,
    aud: testOrigin,
    sub: derived,
    evidence,
    iat: toNumericDate(registry.now()),
    ...claims,
  });

/** Confirms a derived record of Tubely with evidence, by its trust key unless a test says otherwise. */
export async function confirm(
  registry: TestRegistry,
  derived: string,
  options: Confirming = {},
): Promise<TestAnswer> {
  const { trust } = options.by ?? registry.parties.tubely;
  const confirmations = [await signedConfirmation(registry, derived, options)];
  return registry.call(trust, 'sanctions.confirmEcho', { confirmations });
}

/** Derived records of Tubely, in one call. */
export async function confirmAll(
  registry: TestRegistry,
  derived: readonly string[],
): Promise<TestAnswer> {
  const confirmations = await Promise.all(derived.map((one) => signedConfirmation(registry, one)));
  return registry.call(registry.parties.tubely.trust, 'sanctions.confirmEcho', { confirmations });
}

export const ownRecord = async (registry: TestRegistry, by: TestPlatform, sanction: string) =>
  resultOf(
    await registry.call(by.service, 'sanctions.get', { sanction: sanction as Id<'snc'> }),
  ) as OpOutput<'sanctions.get'>;

const actionOf = { undo: 'undone', pause: 'paused', correct: 'corrected' } as const;

/** Everybody does what recalls ask for: checks of whoever does not would stop in the time that a test passes. */
export async function answerRecalls(registry: TestRegistry): Promise<void> {
  const { harbour, tubely, market } = registry.parties;
  for (const platform of [harbour, tubely, market]) {
    const { recalls } = resultOf(
      await registry.call(platform.service, 'recalls.list', {}),
    ) as OpOutput<'recalls.list'>;
    for (const { recall, kind } of recalls) {
      const input = { recall, action: actionOf[kind], copies: 'deleted' } as const;
      resultOf(await registry.call(platform.service, 'recalls.acknowledge', input));
    }
  }
}

/** Harbour withdraws a record, and everybody told undoes it. */
export async function fall(registry: TestRegistry, source: string): Promise<void> {
  resultOf(await withdraw(registry, source));
  await answerRecalls(registry);
}
