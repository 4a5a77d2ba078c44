import {
  assertStrongKey,
  peekArtefact,
  sealingKeyStatementSchema,
  signCompact,
  thumbprint,
  toNumericDate,
  verifySignature,
  type SealingKey,
  type SealingKeyStatement,
} from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import { publicPart, saveFreshKey } from '../evidence/seal.ts';
import type { PrivateSealingKey } from '../session/sealing-keys.ts';
import type { Session } from '../session/session.ts';
import { needSigner } from '../signers.ts';
import type { CallOptions } from '../transport/transport.ts';

/** A reader of the journals of the own platform. */
export interface Colleague {
  /** Thumbprint of the trust key */
  readonly kid: string;
  readonly key: SealingKey;
}

/** The own sealing key, and those of everybody, the own among them. */
export interface JournalKeys {
  readonly own: PrivateSealingKey;
  readonly all: readonly Colleague[];
}

/** A colleague who joins is sealed to this much later at most. A revoked one is refused by the registry at once. */
const freshSeconds = 60;
/** Nobody is there yet: the first one is not missed for long. */
const freshAloneSeconds = 10;

/** The sealing keys of the own platform. The own key is made and published where that was not done. */
export class Colleagues {
  readonly #session: Session;
  #known: { readonly keys: JournalKeys; readonly at: number } | undefined;
  #loading: Promise<JournalKeys> | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** @throws RecourseError `sealing-key-missing`, `signer-missing`, `journal-invalid`, `chain-invalid` */
  async keys(options: CallOptions & { anew?: boolean } = {}): Promise<JournalKeys> {
    const { anew, signal } = options;
    const now = this.#session.transport.now().getTime();
    if (this.#known && !anew && isFresh(this.#known, now)) return this.#known.keys;
    // One for all who ask: of two keys that are made at once, one would open nothing.
    this.#loading ??= loadKeys(this.#session, { signal }).finally(
      () => (this.#loading = undefined),
    );
    const keys = await this.#loading;
    this.#known = { keys, at: now };
    return keys;
  }
}

function isFresh({ keys, at }: { keys: JournalKeys; at: number }, now: number): boolean {
  const age = (now - at) / 1000;
  return age >= 0 && age < (keys.all.length < 2 ? freshAloneSeconds : freshSeconds);
}

async function loadKeys(session: Session, options: CallOptions): Promise<JournalKeys> {
  const { sealingKeys } = session;
  if (!sealingKeys) throw new RecourseError('sealing-key-missing');
  const { kid } = needSigner(session.signers, 'trust');
  const own =
    (await sealingKeys.load(`key-${kid}`)) ?? (await saveFreshKey(sealingKeys, `key-${kid}`));
  const all = await listed(session, options);
  const isKnown = all.some((one) => one.kid === kid && isSame(one.key, publicPart(own)));
  if (isKnown) return { own, all };
  await publish(session, publicPart(own), options);
  return { own, all: [...all.filter((one) => one.kid !== kid), { kid, key: publicPart(own) }] };
}

const isSame = (a: SealingKey, b: SealingKey): boolean => thumbprint(a) === thumbprint(b);

async function publish(session: Session, key: SealingKey, { signal }: CallOptions): Promise<void> {
  const payload = {
    iss: session.party,
    aud: session.origin,
    key,
    iat: toNumericDate(session.transport.now()),
  };
  const signer = needSigner(session.signers, 'trust');
  const statement = await signCompact(signer, 'recourse-sealing-key+jwt', payload);
  await session.transport.send('journals.addKey', { statement }, { signal });
}

async function listed(session: Session, { signal }: CallOptions): Promise<Colleague[]> {
  const { result } = await session.transport.send('journals.keys', {}, { signal });
  const colleagues: Colleague[] = [];
  for (const [at, statement] of result.statements.entries()) {
    // Once for all: a chain is one document.
    const anew = at === 0;
    const verified = await failAs('journal-invalid', () => verifyKey(session, statement, { anew }));
    if (verified) colleagues.push(verified);
  }
  return colleagues;
}

/**
 * The registry lists these keys, and could slip in one of its own to read every journal: each must be signed by a trust
 * key that leads back to the enrolment key of the own party.
 * @returns nothing where the trust key was revoked
 */
async function verifyKey(
  session: Session,
  statement: string,
  options: { anew: boolean },
): Promise<Colleague | undefined> {
  const form = { typ: 'recourse-sealing-key+jwt', schema: sealingKeyStatementSchema } as const;
  const { jws, payload } = peekArtefact(statement, form);
  const signer = await session.parties.key(session.party, jws.kid, options);
  if (signer.role !== 'trust' || !isFor(session, payload)) throw invalid();
  await verifySignature(jws, signer.jwk, session.verify);
  assertStrongKey(payload.key);
  return signer.revoked ? undefined : { kid: jws.kid, key: payload.key };
}

const isFor = ({ party, origin }: Session, { iss, aud }: SealingKeyStatement): boolean =>
  iss === party && aud === origin;

const invalid = (): RecourseError => new RecourseError('journal-invalid');
