import { leafHash, merkleRoot } from '@recourse/ledger';
import {
  fromBase64url,
  isOpName,
  jcs,
  ops,
  toBase64url,
  toNumericDate,
  toTimestamp,
  utf8,
  type ReceiptLeaf,
} from '@recourse/protocol';
import { sql, type RawBuilder } from 'kysely';
import { noCaller } from '../../commit/commit-changes.ts';
import { type Vault, placeOf } from '../../vault/vault.ts';
import type { Db } from '../../kernel/database.ts';
import type { AuditedCalls } from '../../schema/calls.ts';
import type { Difference } from '../entries/difference.ts';
import { base64url } from '../../migrations/base64url.ts';
import type { LogLeaves } from './log-leaves.ts';
import type { Part } from './part.ts';
import { Ahead, numbered, type Line, type Spools } from '../entries/spool.ts';
import type { OpeningsResult } from './openings.ts';
import { readRows } from '../entries/read-rows.ts';

const table = 'audit';

type AuditRow = AuditedCalls & {
  /** The answer as it is kept, where the call may repeat what another one changed */
  readonly body: Uint8Array | null;
  readonly sanction: string | null;
  readonly wrapped: Uint8Array | null;
};

interface Comparing {
  readonly vault: Vault;
  readonly log: LogLeaves;
  readonly part: Part;
  readonly opened: OpeningsResult;
  readonly spools: Spools;
}

/**
 * Compares the audit with the `calls` entries: which rows stand under each, and that their receipts' leaves have its
 * root. Acts of creators are compared by their number alone: the audit does not have the `jti` that is in their leaf.
 */
export class CallsComparison {
  readonly #of: Comparing;
  rows = 0;
  /** Entries whose root cannot be derived from the audit */
  counted = 0;

  constructor(comparing: Comparing) {
    this.#of = comparing;
  }

  async *differences(db: Db): AsyncGenerator<Difference, void, undefined> {
    const { spools, log, opened } = this.#of;
    const leaves = spools.spool();
    const changes = new Ahead(opened.changes.sorted());
    const uncalled = spools.spool();
    const passed = ([call = '', , hash]: Line): void => {
      // What time alone caused was called for by nobody, and what cannot be read was named.
      if (hash !== '' && !call.startsWith(`${noCaller} `)) uncalled.add(call);
    };
    for await (const row of readRows<AuditRow>(db, inCalls(this.#of.part))) {
      this.rows++;
      const leaf = this.#leafOf(row, changes.upTo(idOf(row), passed));
      const hash = leaf ? toBase64url(hashOf(leaf)) : '';
      const place = numbered(row.place);
      leaves.add(row.entry, place, idOf(row), toTimestamp(row.at), hash);
    }
    while (changes.next) passed(changes.take());
    yield* this.#compareAll(new Ahead(leaves.sorted()), log.callsInOrder());
    let before = '';
    for (const [id = ''] of uncalled.sorted()) {
      if (id !== before) yield { code: 'row-not-logged', table: 'openings', id };
      before = id;
    }
  }

  *#compareAll(leaves: Ahead, calls: Iterable<Line>): Generator<Difference> {
    const unlogged: Difference[] = [];
    for (const [leaf = '', index, at = '', count, root = ''] of calls) {
      const rows = leaves.upTo(leaf, (line) => unlogged.push(notLogged(line)));
      yield* unlogged.splice(0);
      const entry = { index: Number(index), at, count: Number(count), root };
      yield* this.#compare(rows.map(callOf), entry);
    }
    while (leaves.next) yield notLogged(leaves.take());
  }

  *#compare(group: readonly GroupedCall[], entry: CallsLine): Generator<Difference> {
    const { index, root } = entry;
    if (group.length === 0) {
      yield { code: 'entry-without-row', table, index, what: 'calls' };
      return;
    }
    const wrong = misplaced(group, entry);
    for (const what of wrong) yield { code: 'calls-differ', table, index, what };
    if (wrong.length > 0) return;
    if (group.some(({ leaf }) => leaf === '')) this.counted++;
    else if (toBase64url(merkleRoot(group.map(({ leaf }) => fromBase64url(leaf)))) !== root)
      yield { code: 'calls-differ', table, index, what: 'root' };
  }

  /** Undefined where the audit does not have what is in it. */
  #leafOf(row: AuditRow, changes: readonly Line[]): ReceiptLeaf | undefined {
    if (row.iss === 'case' || changes.some(([, , hash]) => hash === '')) return undefined;
    const { iss, jti, op, req, res, status } = row;
    const leaf = { v: 1, iss, jti, op, req, res, status, at: toNumericDate(row.at) } as const;
    if (changes.length > 0) {
      const hashes: Uint8Array[] = [];
      for (const [, position, hash = ''] of changes) hashes[Number(position)] = fromBase64url(hash);
      // A place without an opening gives another root.
      const leaves = Array.from(hashes, (hash?: Uint8Array) => hash ?? new Uint8Array(32));
      return { ...leaf, changes: { count: leaves.length, root: toBase64url(merkleRoot(leaves)) } };
    }
    if (status !== 200 || !isOpName(op) || ops[op].kind === 'read') return leaf;
    const repeated = this.#commitmentIn(row);
    if (repeated === 'unread') return undefined;
    return repeated ? { ...leaf, changes: repeated } : leaf;
  }

  /** A retry states the changes of the call that it repeats. */
  #commitmentIn(row: AuditRow): ReceiptLeaf['changes'] | 'unread' {
    const { body, sanction, wrapped } = row;
    if (!body) return 'unread';
    try {
      const isSealed = sanction !== null && wrapped !== null;
      const caseKey = isSealed && this.#of.vault.openCase({ sanction, wrapped });
      const bytes = caseKey ? caseKey.open(body, placeOf('answers.body', row)) : body;
      const { changes } = JSON.parse(Buffer.from(bytes).toString('utf8')) as {
        changes?: { count: number; root: string };
      };
      return changes && { count: changes.count, root: changes.root };
    } catch {
      return 'unread';
    }
  }
}

/**
 * In the order of calls as a spool sorts them. Of calls with the same kid and jti the one with openings comes first; of
 * those that servers of 0.1.0 wrote it is not said whether they have any.
 */
const inCalls = (part: Part) => sql<AuditRow>`
  select a.kid, a.jti, a.iss, a.op, a.req, a.res, a.status, a.at, a.entry, a.place, a.changes,
    n.body, k.sanction, k.wrapped
  from ${callsIn(part)} a
  left join answers n on n.kid = a.kid and n.jti = a.jti and n.req = a.req and a.status = 200 and (
    a.changes = 0 or (a.changes is null and not exists (
      select from openings o where o.kid = a.kid and o.jti = a.jti)))
  left join case_keys k on k.sanction = n.sanction
  order by a.kid collate "C", a.jti collate "C", coalesce(a.changes = 0, false), a.changes desc nulls last`;

function callsIn({ isNewCall }: Part): RawBuilder<unknown> {
  if (!isNewCall) return sql`audited_calls`;
  const leaf = sql`decode(translate(u.entry, '-_', '+/') || '=', 'base64')`;
  return sql`(
    select u.kid, u.jti, u.iss, u.op, u.req, u.res, u.status, u.at, u.entry, u.place, null::integer as changes
    from audit u where ${isNewCall(leaf, sql`u.at`)}
    union all
    select c.kid, c.jti, c.iss, c.op, c.req, c.res, c.status, g.at,
      ${sql.raw(base64url('g.entry'))}, c.place, c.changes
    from audit_groups g cross join lateral unpack_calls(g.calls) c
    where ${isNewCall(sql`g.entry`, sql`g.at`)})`;
}

const idOf = ({ kid, jti }: Pick<AuditRow, 'kid' | 'jti'>): string => `${kid} ${jti}`;

const hashOf = (leaf: ReceiptLeaf): Uint8Array => leafHash(utf8(jcs(leaf)));

interface CallsLine {
  readonly index: number;
  readonly at: string;
  readonly count: number;
  readonly root: string;
}

/** A row of the audit in its group. */
interface GroupedCall {
  readonly place: number;
  readonly id: string;
  readonly at: string;
  /** Hash of the leaf of its receipt; empty where the audit does not have what is in it */
  readonly leaf: string;
}

const callOf = ([, place, id = '', at = '', leaf = '']: Line): GroupedCall => ({
  place: Number(place),
  id,
  at,
  leaf,
});

const notLogged = ([, , id = '']: Line): Difference => ({ code: 'row-not-logged', table, id });

/** Which rows of a group have no place to themselves, or are of another time; and which places are empty. */
function misplaced(group: readonly GroupedCall[], { at, count }: CallsLine): string[] {
  const places = Map.groupBy(group, ({ place }) => place);
  const wrong = group.filter(
    (row) => row.place >= count || places.get(row.place)!.length > 1 || row.at !== at,
  );
  const empty = Array.from({ length: count }, (_, place) => place).filter(
    (place) => !places.has(place),
  );
  return [
    ...wrong.map(({ id }) => `row ${id}`),
    ...empty.map((place) => `no row at place ${place}`),
  ];
}
