import {
  detailDigest,
  disclosurePair,
  hashText,
  signCall,
  toNumericDate,
  type Entry,
  type Json,
  type Opening,
  type OwnOpening,
  type PairEntryType,
  type RecallRecord,
  type Signer,
} from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { connected, type ConnectedClients } from '../../tests/connected.ts';
import {
  newSigner,
  now,
  origin,
  platformA,
  platformB,
  sanctionA,
} from '../../tests/fake-registry.ts';
import { OwnLedgerError } from './own-ledger-error.ts';
import type { OwnReport, VerifyOwnOptions } from './verify-own.ts';

const salt = 'P'.repeat(42) + 'A';
const recall = 'rcl_01hzy3v7q8e9k4m5n6p7r8s9t0';
const disclosed = (version: number) => ({
  version,
  check: 'chk_01hzy3v7q8e9k4m5n6p7r8s9t0',
  match: 'mat_01hzy3v7q8e9k4m5n6p7r8s9t0',
  purpose: 'signup',
});
const acknowledgement = { recall, action: 'undone', copies: 'deleted' };

let at: ConnectedClients;
let openings: OwnOpening[];
let recalls: RecallRecord[];
let later: OwnOpening[];

interface OpeningOptions {
  readonly ack?: string;
  readonly party?: string;
}

/** An opening of an entry that the ledger has. */
function opened(
  type: PairEntryType,
  detail: Record<string, Json>,
  { ack, party = platformA }: OpeningOptions = {},
): Opening {
  const record = { sanction: sanctionA, party };
  const entry = at.registry.log.announce({
    v: 1,
    type,
    at: '2026-03-01T12:00:00Z',
    pair: disclosurePair(salt, record),
    digest: detailDigest(salt, detail),
    ...(ack === undefined ? {} : { ack }),
  });
  return { entry, ...record, pairSalt: salt, entrySalt: salt, detail };
}

async function acknowledging(
  by: Signer = at.service,
  change: { op?: string; iss?: string; aud?: string; iat?: number; in?: object } = {},
): Promise<string> {
  const iat = change.iat ?? toNumericDate(now);
  return signCall(by, {
    iss: change.iss ?? platformA,
    aud: change.aud ?? origin,
    iat,
    exp: iat + 60,
    jti: 'A'.repeat(22),
    op: change.op ?? 'recalls.acknowledge',
    in: { ...acknowledgement, ...change.in },
  });
}

const acknowledged = (call: string): OwnOpening => ({
  opening: opened('recall-acknowledged', acknowledgement, { ack: hashText(call) }),
  call,
});

const listed = (): RecallRecord => ({
  recall,
  kind: 'undo',
  sanction: sanctionA,
  version: 2,
  issuedAt: '2026-03-01T12:00:00Z',
  dueAt: '2026-03-02T12:00:00Z',
  told: [],
  acknowledged: { at: '2026-03-01T12:01:00Z', action: 'undone' },
});

beforeEach(async () => {
  at = await connected();
  later = [];
  openings = [
    { opening: opened('sanction-disclosed', disclosed(1)) },
    { opening: opened('recall-issued', { recall, version: 2, kind: 'undo' }) },
    acknowledged(await acknowledging()),
  ];
  recalls = [listed()];
  at.registry.handlers.set('recalls.list', () => ({ result: { recalls } }));
  at.registry.handlers.set('ledger.openings', ({ payload }) => {
    const from = Number(payload.in['cursor'] ?? 0);
    // One by one, and what comes later only when it is asked for again.
    const page = openings.slice(from, from + 1);
    if (page.length === 0) openings.push(...later.splice(0, 1));
    return { result: { openings: page, ...(page.length > 0 ? { next: `${from + 1}` } : {}) } };
  });
});

const verifyOwn = (options?: VerifyOwnOptions, recourse = at.recourse): Promise<OwnReport> =>
  recourse.ledger.verifyOwn(options);

async function findingsOf(options?: VerifyOwnOptions): Promise<string[]> {
  try {
    await verifyOwn(options);
    return [];
  } catch (error) {
    if (!(error instanceof OwnLedgerError)) throw error;
    return error.findings.map(({ code }) => code);
  }
}

describe('an entry about the own party is opened to it', () => {
  async function* logOf(...entries: (Entry | undefined)[]): AsyncGenerator<Entry> {
    for (const entry of entries) if (entry) yield entry;
  }

  it('or found in the log: an acknowledgement that is held back', async () => {
    const forged = opened('recall-acknowledged', acknowledgement, { ack: hashText('of nobody') });
    const another = opened('recall-acknowledged', acknowledgement, {
      party: platformB,
      ack: hashText('B'),
    });
    const own = openings.map((opening) =>
      'opening' in opening ? opening.opening.entry : undefined,
    );
    expect(await findingsOf({ log: logOf(...own, another.entry) })).toEqual([]);
    const log = logOf(...own, forged.entry, another.entry);
    expect(await findingsOf({ log })).toEqual(['opening-missing']);
  });

  it('a moment later, where it was logged while the log was read', async () => {
    const second = { opening: opened('sanction-disclosed', disclosed(3)) };
    later = [second];
    const own = openings.map((opening) =>
      'opening' in opening ? opening.opening.entry : undefined,
    );
    expect(await findingsOf({ log: logOf(...own, second.opening.entry) })).toEqual([]);
  });
});

describe('what holds is counted', () => {
  it('with every page read', async () => {
    expect(await verifyOwn({ told: [{ sanction: sanctionA, version: 1 }] })).toEqual({
      openings: 3,
      disclosures: 1,
      recalls: 1,
      acknowledgements: 1,
      unverifiable: [],
    });
  });

  it('also when the registry opens a little later than it answers', async () => {
    later = openings.splice(1, 2);
    expect(await verifyOwn()).toMatchObject({ openings: 3 });
    expect(at.waits.length).toBeGreaterThan(0);
  });

  it('and what was erased with its case is called unverifiable, not forged', async () => {
    openings = [{ erased: sanctionA }, { erased: sanctionA }];
    const versions = [{ sanction: sanctionA, version: 1 }];
    expect(await verifyOwn({ told: versions })).toMatchObject({
      openings: 0,
      unverifiable: [sanctionA],
    });
  });

  it('and a key that was retired later signed what it signed', async () => {
    at.registry.revoke(platformA, at.service.kid, { at: '2026-03-01T12:00:01Z', why: 'retired' });
    expect(await findingsOf()).toEqual([]);
  });
});

describe('an acknowledgement is forged', () => {
  it('when no call is shown for it', async () => {
    openings[2] = {
      opening: opened('recall-acknowledged', acknowledgement, { ack: hashText('a call') }),
    };
    expect(await findingsOf()).toEqual(['acknowledgement-forged']);
  });

  it('when the call is none of its hash', async () => {
    const opening = opened('recall-acknowledged', acknowledgement, { ack: hashText('another') });
    openings[2] = { opening, call: await acknowledging() };
    expect(await findingsOf()).toEqual(['acknowledgement-forged']);
  });

  it('when a key of nobody signed it, or one that the log does not have', async () => {
    openings[2] = acknowledged(await acknowledging(await newSigner()));
    expect(await findingsOf()).toEqual(['acknowledgement-forged']);
    const planted = await at.registry.addKey(platformA, { by: at.admin, role: 'service' });
    at.registry.log.entries.pop();
    openings[2] = acknowledged(await acknowledging(planted));
    at = { ...at, recourse: at.connectAgain() };
    expect(await findingsOf()).toEqual(['acknowledgement-forged']);
  });

  it('when a key signed it after it was revoked', async () => {
    at.registry.revoke(platformA, at.service.kid, { at: '2026-03-01T11:59:59Z', why: 'retired' });
    expect(await findingsOf()).toEqual(['acknowledgement-forged']);
  });

  it.each([
    ['another operation', { op: 'recalls.list' }],
    ['another registry', { aud: 'https://other.example' }],
    ['another party', { iss: platformB }],
    ['another recall', { in: { recall: recall.replace('t0', 't1') } }],
    ['another action', { in: { action: 'paused' } }],
    ['other copies', { in: { copies: 'kept' } }],
  ])('when the party signed %s', async (_, change) => {
    openings[2] = acknowledged(await acknowledging(at.service, change));
    expect(await findingsOf()).toEqual(['acknowledgement-forged']);
  });

  it('when it is listed, and opened to nobody', async () => {
    openings.pop();
    expect(await findingsOf()).toEqual(['acknowledgement-forged']);
  });

  it('and shows it with the opening, which no log of errors prints', async () => {
    const opening = opened('recall-acknowledged', acknowledgement, { ack: hashText('a call') });
    openings[2] = { opening };
    const error = await verifyOwn().catch((thrown: unknown) => thrown as OwnLedgerError);
    const code = 'acknowledgement-forged';
    expect(error).toMatchObject({ code, issues: [{ path: recall, code }] });
    expect((error as OwnLedgerError).findings).toEqual([
      { code: 'acknowledgement-forged', opening },
    ]);
    expect(JSON.stringify(error)).not.toContain(salt);
  });
});

describe('recalls differ', () => {
  it('when one in the ledger is not listed', async () => {
    recalls = [];
    expect(await findingsOf()).toContain('recalls-differ');
  });

  it('when one that is listed is not in the ledger, or is of another version', async () => {
    const { acknowledged: _, ...open } = listed();
    openings.splice(1, 2);
    recalls = [open];
    expect(await findingsOf()).toEqual(['recalls-differ']);
    openings.push({ opening: opened('recall-issued', { recall, version: 3, kind: 'undo' }) });
    expect(await findingsOf()).toEqual(['recalls-differ']);
  });

  it('when one that the party answered is listed as open', async () => {
    const { acknowledged: _, ...open } = listed();
    recalls = [open];
    expect(await findingsOf()).toEqual(['recalls-differ']);
  });
});

describe('a disclosure is missing', () => {
  it('when the party kept that it was told', async () => {
    const versions = [{ sanction: sanctionA, version: 7 }];
    expect(await findingsOf({ told: versions })).toEqual(['disclosure-missing']);
  });

  it('when an answer told it to this connection', async () => {
    at.recourse.session.told.add({ sanction: sanctionA, version: 7 });
    expect(await findingsOf()).toEqual(['disclosure-missing']);
  });

  it('when a recall is of none', async () => {
    openings.shift();
    expect(await findingsOf()).toEqual(['disclosure-missing']);
  });
});

describe('what is opened', () => {
  it('opens its entry, to this party', async () => {
    const [first] = openings;
    if (!first || !('opening' in first)) throw new Error('no opening');
    const { opening } = first;
    openings[0] = { opening: { ...opening, entrySalt: 'Q'.repeat(42) + 'A' } };
    expect(await findingsOf()).toEqual(['commitment-invalid']);
    openings[0] = { opening: opened('sanction-disclosed', disclosed(1), { party: platformB }) };
    expect(await findingsOf()).toEqual(['commitment-invalid']);
  });

  it('is in the log', async () => {
    at.registry.log.entries.splice(
      at.registry.log.entries.findIndex(({ type }) => type === 'recall-issued'),
      1,
    );
    expect(await findingsOf()).toEqual(['not-logged']);
  });

  it('is not read for ever', async () => {
    at.registry.handlers.set('ledger.openings', () => ({
      result: { openings: openings.slice(0, 1), next: '0-0' },
    }));
    await expect(verifyOwn()).rejects.toMatchObject({ code: 'answer-invalid' });
  });
});
