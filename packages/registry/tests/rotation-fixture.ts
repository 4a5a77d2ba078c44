import { ready, tokenInput } from '@recourse/blind';
import { deriveKeyPair, evaluateBatch, evaluateToken, type KeyPair } from '@recourse/blind/server';
import {
  signCompact,
  subjectCommitments,
  subjectsRoot,
  toBase64url,
  toNumericDate,
  type Id,
  type IdentifierKind,
  type OpInput,
  type OpOutput,
  type Subject,
  type SubjectsUpdate,
} from '@recourse/protocol';
import {
  random32,
  startTestRegistry,
  type TestAnswer,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { createTokenService, type SecretEpoch } from '../src/lookup/epochs/token-service.ts';
import { readRotations } from '../src/lookup/epochs/store.ts';
import { askNew, resultOf } from './checks-fixture.ts';
import { record } from './derived-fixture.ts';
import { byBoth } from './parties-operator-fixtures.ts';

export const day = 86_400;

// Tests name keys while they are collected.
await ready();

const pairs = new Map<number, KeyPair>();

function keysOf(epoch: number): KeyPair {
  const pair =
    pairs.get(epoch) ?? deriveKeyPair(new Uint8Array(32).fill(epoch), `recourse/epoch/${epoch}`);
  pairs.set(epoch, pair);
  return pair;
}

export const publicKeyOf = (epoch: number): string => toBase64url(keysOf(epoch).publicKey);

export const named = (n: number): string =>
  `scam-${n}-${random32().toLowerCase().slice(0, 8)}.example`;

const made = new Map<string, string>();

/** The token of a domain, or of another identifier, under an epoch. */
export function tokenOf(epoch: number, name: string, kind: IdentifierKind = 'domain'): string {
  const key = `${epoch} ${kind} ${name}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const token = toBase64url(evaluateToken(keysOf(epoch).secretKey, tokenInput(kind, name)));
  made.set(key, token);
  return token;
}

/** A registry that has every secret, whose key is rotated by its operators. */
export class RotatingRegistry {
  readonly registry: TestRegistry;
  readonly #epochs: SecretEpoch[];

  private constructor(registry: TestRegistry, epochs: SecretEpoch[]) {
    this.registry = registry;
    this.#epochs = epochs;
  }

  static async start(options: { vaultKey?: Uint8Array } = {}): Promise<RotatingRegistry> {
    const epochs: SecretEpoch[] = [{ epoch: 1, ...keysOf(1), opensAt: new Date(0) }];
    const at: { clock: () => Date } = { clock: () => new Date() };
    const tokens = createTokenService({
      epochs: () => epochs,
      publicKeyOf,
      pool: { evaluate: async (batch) => evaluateBatch(batch) },
      clock: () => at.clock(),
    });
    const registry = await startTestRegistry({ tokens, ...options });
    at.clock = () => registry.now();
    await registry.ownerDb
      .updateTable('parties')
      .set({ registered_at: new Date('2020-01-01'), submissions_per_day: 1_000_000 })
      .execute();
    return new RotatingRegistry(registry, epochs);
  }

  /** Announces the next epoch, to be opened in a day and an hour. */
  async announce(overrides: Partial<OpInput<'oprf.rotate'>> = {}): Promise<TestAnswer> {
    const epoch = this.#epochs.length + 1;
    const opensAt = toNumericDate(this.registry.now()) + day + 3600;
    const input = { epoch, publicKey: publicKeyOf(epoch), opensAt, ...overrides };
    const answer = await byBoth(this.registry, 'oprf.rotate', input);
    await this.refresh();
    return answer;
  }

  /** What a server does now and then. */
  async refresh(): Promise<void> {
    for (const row of await readRotations(this.registry.db)) {
      const before = this.#epochs[row.epoch - 2]!;
      this.#epochs[row.epoch - 2] = { ...before, closesAt: row.before_closes_at };
      this.#epochs[row.epoch - 1] ??= {
        epoch: row.epoch,
        ...keysOf(row.epoch),
        opensAt: row.opens_at,
      };
    }
  }

  /** Both epochs are live. */
  async open(): Promise<void> {
    resultOf(await this.announce());
    this.registry.advance(day + 7200);
  }

  /** The older one has closed. */
  close(): void {
    this.registry.advance(14 * day);
  }

  /** What a platform is told that asks under every live epoch, as the SDK does. */
  async ask(by: TestPlatform, domain: string): Promise<OpOutput<'checks.match'>> {
    const live = this.registry.services.tokens.epochs();
    const tokens = live.map(({ epoch }) => ({ epoch, token: tokenOf(epoch, domain) }));
    return resultOf(await askNew(this.registry, by, tokens)) as OpOutput<'checks.match'>;
  }

  /** A live record of the first epoch. */
  list(by: TestPlatform, ...domains: string[]): Promise<Id<'snc'>> {
    return record(
      this.registry,
      by,
      domains.map((domain) => tokenOf(1, domain)),
    );
  }

  /** The records that a platform is shown. */
  async shown(by: TestPlatform, domain: string): Promise<string[]> {
    return (await this.ask(by, domain)).matches.map(({ sanction }) => sanction);
  }

  /** What is still to be given tokens. */
  async owed(by: TestPlatform): Promise<OpOutput<'sanctions.untokenised'>> {
    const answer = await this.registry.call(by.service, 'sanctions.untokenised', {});
    return resultOf(answer) as OpOutput<'sanctions.untokenised'>;
  }

  // Whose record, which, about what: as it reads in every test.
  // oxlint-disable-next-line max-params
  async retokenise(
    by: TestPlatform,
    sanction: string,
    domains: readonly string[],
    overrides: RetokeniseOptions = {},
  ): Promise<TestAnswer> {
    const input = await this.newTokens(by, { sanction, domains, ...overrides });
    return this.registry.call(by.service, 'sanctions.retokenise', input);
  }

  async newTokens(
    by: TestPlatform,
    rotation: RetokeniseOptions & { sanction: string; domains: readonly string[] },
  ): Promise<OpInput<'sanctions.retokenise'>> {
    const { sanctions, epoch } = rotation.owed ?? (await this.owed(by));
    const listed = sanctions.find((sanction) => sanction.sanction === rotation.sanction);
    const tokens = (listed?.subjects ?? []).map((subject, at): Subject => ({
      ...subject,
      epoch,
      salt: random32(),
      token: tokenOf(epoch, rotation.domains[at] ?? ''),
      ...rotation.subject,
    }));
    const padding = Array.from({ length: 8 - tokens.length }, random32);
    const update: SubjectsUpdate = {
      iss: by.id as Id<'plt'>,
      sub: rotation.sanction as Id<'snc'>,
      epoch,
      subjects: subjectsRoot(subjectCommitments(tokens, padding)),
      iat: toNumericDate(this.registry.now()),
      ...rotation.update,
    };
    const before = rotation.domains.map((domain) => tokenOf(listed?.epoch ?? 1, domain));
    return {
      update: await signCompact(by.trust.signer, 'recourse-subjects+jwt', update),
      tokens,
      padding,
      before,
      ...rotation.input,
    };
  }
}

export interface RetokeniseOptions {
  /** The list that it is on, where that was read already */
  readonly owed?: OpOutput<'sanctions.untokenised'>;
  readonly subject?: Partial<Subject>;
  readonly update?: Partial<SubjectsUpdate>;
  readonly input?: Partial<OpInput<'sanctions.retokenise'>>;
}
