import { createHash, randomBytes } from 'node:crypto';
import {
  changesRoot,
  detailDigest,
  disclosurePair,
  fromBase64url,
  hashText,
  jcs,
  newId,
  sanctionRef,
  sealGroup,
  toBase64url,
  toTimestamp,
  type Entry,
  type Json,
  type Opening,
} from '@recourse/protocol';
import { packCalls, placeOf, type Vault } from '@recourse/registry';

/** Rows of some tables, as JSON reads them; `commits` wait for the log. */
export interface GrownRows {
  readonly tables: Readonly<Record<string, readonly Record<string, unknown>[]>>;
  readonly commits: readonly (readonly string[])[];
}

/** Entries of one record: it is submitted, becomes visible, is told to three platforms, and expires. */
export const entriesOfRecord = 10;
const toldTo = 3;
const dayMs = 86_400_000;

interface Commit {
  readonly by: { readonly kid: string; readonly jti: string };
  readonly entries: string[];
}

/**
 * Records with their entries, openings, calls and tables, one like the other and as calls leave them: doctor and report
 * find nothing that differs. Hashes of what is not read again are random.
 */
export class GrownLog {
  readonly #vault: Vault;
  readonly #platforms: readonly string[];
  readonly #tables: Record<string, Record<string, unknown>[]> = {};
  #commits: Commit[] = [];
  #records = 0;

  constructor({ vault, platforms }: { vault: Vault; platforms: readonly string[] }) {
    this.#vault = vault;
    this.#platforms = platforms;
  }

  /** The next records. @param ended when the last of their acts was */
  grow(records: number, ended: Date): GrownRows {
    for (let i = 0; i < records; i++) this.#record(this.#records++, ended);
    const tables = { ...this.#tables };
    const commits = this.#commits.map(({ entries }) => entries);
    for (const name of Object.keys(this.#tables)) this.#tables[name] = [];
    this.#commits = [];
    return { tables, commits };
  }

  #record(place: number, ended: Date): void {
    const at = (days: number): Date => new Date(ended.getTime() - days * dayMs);
    const id = newId('snc', { now: at(90), random: randomBytes });
    const party = this.#platforms[place % this.#platforms.length]!;
    const { key, wrapped } = this.#vault.createCase(id);
    const statement = `bench ${id}`;
    const version = 1;
    const record = { id, party, key };
    this.#row('case_keys', { sanction: id, wrapped: hex(wrapped) });
    this.#row('sanctions', sanctionRow({ id, party, statement }, at));
    for (const [position, [event, cause, days]] of history.entries())
      this.#row('sanction_events', { sanction: id, position, version, event, cause, at: at(days) });
    const submitted = { party, statement: hashText(statement), reason: 'fraud.phishing', version };
    this.#call(record, { type: 'sanction-submitted', at: at(90), detail: submitted });
    this.#due(record, { type: 'sanction-visible', at: at(80), detail: { version } });
    for (let i = 1; i <= toldTo; i++) {
      const told = this.#platforms[(place + i) % this.#platforms.length]!;
      this.#row('disclosures', { sanction: id, version, party: told, at: at(70) });
      const detail = {
        version,
        check: `chk${id.slice(3)}`,
        match: `mat${id.slice(3)}`,
        purpose: 'monetisation',
      };
      this.#call(record, { type: 'sanction-disclosed', at: at(70), detail, told });
    }
    const expired = { version, kind: 'expired' };
    this.#due(record, { type: 'sanction-ended', at: at(0), detail: expired, cause: 'expired' });
  }

  /** A call with one entry, in a commit of its own. */
  #call(record: RecordOf, told: Told): void {
    const by = { kid: hash(), jti: randomBytes(18).toString('base64url') };
    const entry = this.#entry(record, { told, by });
    const seconds = Math.floor(told.at.getTime() / 1_000);
    const iss = told.told ?? record.party;
    const call = { iss, jti: by.jti, op: 'checks.match', req: hash(), res: hash(), status: 200 };
    const changes = { count: 1, root: changesRoot([entry]) };
    const leaf = { v: 1, ...call, at: seconds, changes } as const;
    const group = sealGroup([leaf], {
      issuer: 'bench.example',
      at: seconds,
      isPromised: false,
    });
    this.#row('audit_groups', {
      at: told.at,
      entry: hex(fromBase64url(group.payload.entry)),
      calls: hex(packCalls([{ ...by, leaf, changes: 1 }])),
    });
    this.#commits.push({ by, entries: [jcs(entry), jcs(group.entry)] });
  }

  /** What time alone brought about. */
  #due(record: RecordOf, told: Told): void {
    const by = { kid: 'registry', jti: randomBytes(18).toString('base64url') };
    this.#commits.push({ by, entries: [jcs(this.#entry(record, { told, by }))] });
  }

  #entry(
    { id: sanction, key, party: submitter }: RecordOf,
    { told, by }: { told: Told; by: Commit['by'] },
  ): Entry {
    const { type, detail, told: party, cause } = told;
    const entrySalt = key.salt(`entry:${by.jti}`);
    const common = {
      v: 1 as const,
      at: toTimestamp(told.at),
      digest: detailDigest(entrySalt, detail),
    };
    const of = opens({ sanction, party, key });
    const entry = { ...common, type, ...of.entry, ...(cause ? { cause } : {}) } as Entry;
    const opening = { entry, sanction, ...of.opening, entrySalt, detail } as Opening;
    const place = placeOf('openings.opening', { ...by, position: 0 });
    const row = { ...by, position: 0, party: party ?? submitter, sanction };
    this.#row('openings', { ...row, opening: hex(key.sealJson(opening, place)) });
    return entry;
  }

  #row(table: string, row: Record<string, unknown>): void {
    (this.#tables[table] ??= []).push(row);
  }
}

type CaseKey = ReturnType<Vault['createCase']>['key'];

interface RecordOf {
  readonly id: string;
  readonly party: string;
  readonly key: CaseKey;
}

interface Told {
  readonly type: string;
  readonly at: Date;
  readonly detail: Record<string, Json>;
  readonly told?: string;
  readonly cause?: string;
}

function opens({
  sanction,
  party,
  key,
}: {
  sanction: string;
  party: string | undefined;
  key: CaseKey;
}) {
  if (party === undefined) {
    const refSalt = key.salt('ref');
    return { entry: { ref: sanctionRef(refSalt, sanction) }, opening: { refSalt } };
  }
  const pairSalt = key.salt(`pair:${party}`);
  const pair = disclosurePair(pairSalt, { sanction, party });
  return { entry: { pair }, opening: { party, pairSalt } };
}

const history = [
  ['submitted', null, 90],
  ['visible', null, 80],
  ['ended', 'expired', 0],
] as const;

const sanctionRow = (
  { id, party, statement }: { id: string; party: string; statement: string },
  at: (days: number) => Date,
) => ({
  id,
  party,
  kid: 'bench',
  holder: 'hld_bench',
  statement,
  reason: 'fraud.phishing',
  age: 'unknown',
  decided_at: at(92),
  incident_from: at(100),
  incident_to: at(95),
  expires_at: at(0),
  submitted_at: at(90),
  version: 1,
  prior_match: false,
  commitments: Array.from({ length: 8 }, hash),
  epoch: 1,
  account: hex(randomBytes(160)),
  relayed: false,
  backlogged: false,
  visible_recorded: true,
  end_recorded: true,
});

const hash = (): string => toBase64url(createHash('sha256').update(randomBytes(16)).digest());
const hex = (bytes: Uint8Array): string => `\\x${Buffer.from(bytes).toString('hex')}`;
