import { deriveKeyPair, evaluateBatch, ready } from '@recourse/blind/server';
import { blind, finalize, token, tokenInput } from '@recourse/blind';
import {
  caseKey,
  fromBase64url,
  toBase64url,
  type IdentifierKind,
  type SanctionStatement,
} from '@recourse/protocol';
import {
  newSecret,
  type TestCaseAnswer,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import type { TokenService } from '../src/context/context.ts';
import { build, submit } from './sanctions-harness.ts';
import { signingKey } from './signing-keys.ts';

/** One live epoch with a real OPRF behind it, on this thread. */
export async function realTokens(seed = 7): Promise<TokenService> {
  await ready();
  const keys = deriveKeyPair(Buffer.alloc(32, seed), 'test');
  return {
    epochs: () => [{ epoch: 1, publicKey: toBase64url(keys.publicKey), opensAt: new Date(0) }],
    publicKeyOf: () => undefined,
    evaluate: async (_, blinded) => {
      const { evaluated, proof } = evaluateBatch({ ...keys, blinded: blinded.map(fromBase64url) });
      return { elements: evaluated.map(toBase64url), proof: toBase64url(proof) };
    },
  };
}

/** The token of an identifier in canonical form, as a platform gets it. */
export async function tokenOf(
  registry: TestRegistry,
  kind: IdentifierKind,
  canonical: string,
): Promise<string> {
  await ready();
  const inputs = [tokenInput(kind, canonical)];
  const blinded = blind(inputs);
  const [epoch] = registry.services.tokens.epochs();
  const answer = await registry.services.tokens.evaluate(1, blinded.blinded.map(toBase64url));
  const [output] = finalize({
    ...blinded,
    inputs,
    evaluated: answer.elements.map(fromBase64url),
    proof: fromBase64url(answer.proof),
    publicKey: fromBase64url(epoch!.publicKey),
  });
  return toBase64url(token(output!));
}

const controls = {
  email: 'otp',
  phone: 'otp',
  domain: 'dns',
  wallet: 'signature',
  account: 'kyc',
  iban: 'payment',
} as const;

export interface TestCase {
  readonly sanction: string;
  readonly code: string;
}

/** A submitted record about identifiers, with the code of its notice. */
export async function caseAbout(
  registry: TestRegistry,
  identifiers: readonly [IdentifierKind, string][],
  {
    by = registry.parties.harbour,
    statement = {},
  }: { by?: TestPlatform; statement?: Partial<SanctionStatement> } = {},
): Promise<TestCase> {
  const code = newSecret();
  const subjects = await Promise.all(
    identifiers.map(async ([kind, value]) => ({
      kind,
      control: controls[kind],
      token: await tokenOf(registry, kind, value),
    })),
  );
  const submission = { caseKey: caseKey(code) };
  const input = await build(registry, { signedBy: by.trust, statement, subjects, submission });
  const answer = await registry.call(by.service, 'sanctions.submit', input);
  if (answer.status !== 200) throw new Error(answer.raw.body);
  return { sanction: answer.body.result.sanction, code };
}

/** A submitted record that nothing is evaluated for. */
export async function newCase(registry: TestRegistry): Promise<TestCase> {
  const code = newSecret();
  const { id } = await submit(registry, { submission: { caseKey: caseKey(code) } });
  return { sanction: id, code };
}

/** The result, or the test fails with the problem. */
export function resultOf(answer: TestCaseAnswer) {
  if (answer.status !== 200) throw new Error(answer.raw.body);
  return answer.body.result.data;
}

export async function claim(registry: TestRegistry, code: string): Promise<string> {
  const newKey = newSecret();
  resultOf(await registry.caseCall('case.claim', { code, newKey, signingKey }));
  return newKey;
}

export const open = (registry: TestRegistry, code: string): Promise<TestCaseAnswer> =>
  registry.caseCall('case.open', { code });

/** Finds by a mailed code; with a key of before, what it opens already keeps its number. */
export async function findByEmail(
  registry: TestRegistry,
  identifier: string,
  newKey = newSecret(),
): Promise<{ newKey: string; found: { n: number }[] }> {
  const { find } = resultOf(await registry.caseCall('case.find', { kind: 'email', identifier }));
  const proof = registry.proofs.mails.at(-1)!.code;
  const proven = await registry.caseCall('case.prove', {
    find,
    identifier,
    proof,
    newKey,
    signingKey,
  });
  return { newKey, found: resultOf(proven).found };
}

export const appealInput = {
  ground: 'facts-wrong',
  words: 'This was not what happened.',
  language: 'en',
} as const;

/** As if the claimant had just proved every identifier of the record. */
export async function proveAll(registry: TestRegistry, key: string): Promise<void> {
  const at = registry.now();
  await sql`insert into claimant_ways (claimant, sanction, way, position, at, proven_at)
    select distinct c.id, u.sanction, 'proof', u.position, ${at}::timestamptz, ${at}::timestamptz
    from claimants c join subjects u on u.sanction = c.sanction
    where c.secret = ${caseKey(key)} on conflict (claimant, way, position, first_use)
    do update set proven_at = excluded.proven_at`.execute(registry.ownerDb);
}
