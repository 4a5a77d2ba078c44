import { randomBytes } from 'node:crypto';
import { generateKey, newId, toNumericDate, type PartyId } from '@recourse/protocol';
import {
  LedgerGuard,
  nodeSigner,
  type Committing,
  type Db,
  type PendingRead,
} from '@recourse/registry';

const elements = 3;
const signer = nodeSigner(await generateKey());
const published = { falseHitShare: () => Promise.resolve(0.01), holds: () => true };

/** What groups of reads are committed with: no HTTP, and no look at their signatures. */
export const committing = (db: Db): Committing => ({
  db,
  clock: () => new Date(),
  origin: 'https://bench.example',
  random: (size) => randomBytes(size),
  receiptSigner: signer,
  ledger: new LedgerGuard(),
  published,
});

export interface Caller {
  readonly party: PartyId;
  readonly kid: string;
}

/** An evaluation of three identifiers that waits for its commit. */
export function evaluationOf(caller: Caller): PendingRead {
  const id = newId('chk', { now: new Date(), random: (size) => randomBytes(size) });
  const check = {
    id,
    party: caller.party,
    purpose: 'monetisation',
    elements,
    epochs: 1,
    provenAt: null,
    ref: null,
  } as const;
  return { ...read(caller, 'checks.evaluate'), effects: { check, ...noOthers() } };
}

/** A match under that evaluation which finds no record of one identifier. */
export function matchUnder({ effects }: PendingRead, caller: Caller): PendingRead {
  const asked = {
    check: effects.check!.id,
    empty: 1,
    marks: [randomBytes(4).readInt32BE()],
    known: [],
    evaluated: elements,
  };
  return { ...read(caller, 'checks.match'), effects: { asked, ...noOthers() } };
}

const noOthers = () => ({ shown: [], matches: [], reviewed: [], checked: [] });

function read({ party, kid }: Caller, op: string): Omit<PendingRead, 'effects'> {
  const iat = toNumericDate(new Date());
  const jti = randomBytes(18).toString('base64url');
  const payload = { iss: party, op, iat, exp: iat + 120, jti, in: {} };
  const hash = randomBytes(32).toString('base64url');
  return {
    call: { key: { kid }, payload, compact: '', hash },
    answer: { status: 200, contentType: 'application/json', body: hash },
    changes: [],
  };
}
