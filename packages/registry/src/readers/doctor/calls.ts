import { leafHash, merkleRoot } from '@recourse/ledger';
import {
  isOpName,
  jcs,
  ops,
  toBase64url,
  toNumericDate,
  toTimestamp,
  utf8,
  type ReceiptLeaf,
} from '@recourse/protocol';
import { sql } from 'kysely';
import { noCaller } from '../../commit/commit-changes.ts';
import { type Vault, placeOf } from '../../vault/vault.ts';
import type { Db } from '../../kernel/database.ts';
import type { AuditTable } from '../../schema/calls.ts';
import type { Difference } from '../entries/difference.ts';
import type { LogIndex } from './log-index.ts';
import type { OpeningsResult } from './openings.ts';
import { readRows } from '../entries/read-rows.ts';

const table = 'audit';

type AuditRow = AuditTable & {
  /** The answer as it is kept, where the call may repeat what another one changed */
  readonly body: Uint8Array | null;
  readonly sanction: string | null;
  readonly wrapped: Uint8Array | null;
};

/**
 * Compares the audit with the `calls` entries: which rows stand under each, and that their receipts' leaves have its
 * root. Acts of creators are compared by their number alone: the audit does not have the `jti` that is in their leaf.
 */
export class CallsComparison {
  readonly #of: { vault: Vault; log: LogIndex; opened: OpeningsResult };
  rows = 0;
  /** Entries whose root cannot be derived from the audit */
  counted = 0;

  constructor(comparing: { vault: Vault; log: LogIndex; opened: OpeningsResult }) {
    this.#of = comparing;
  }

  async *differences(db: Db): AsyncGenerator<Difference, void, undefined> {
    const unseen = new Map(this.#of.log.calls);
    const uncalled = new Set(this.#of.opened.changes.keys());
    let group: AuditRow[] = [];
    for await (const row of readRows<AuditRow>(db, inGroups)) {
      this.rows++;
      uncalled.delete(idOf(row));
      if (group[0] && group[0].entry !== row.entry) {
        yield* this.#compare(group);
        unseen.delete(group[0].entry);
        group = [];
      }
      group.push(row);
    }
    if (group[0]) {
      yield* this.#compare(group);
      unseen.delete(group[0].entry);
    }
    for (const { index } of unseen.values()) {
      yield { code: 'entry-without-row', table, index, what: 'calls' };
    }
    for (const id of uncalled) {
      // What time alone caused was called for by nobody.
      if (!id.startsWith(`${noCaller} `)) yield { code: 'row-not-logged', table: 'openings', id };
    }
  }

  *#compare(group: readonly AuditRow[]): Generator<Difference> {
    const placed = this.#of.log.calls.get(group[0]!.entry);
    if (!placed) {
      for (const row of group) yield { code: 'row-not-logged', table, id: idOf(row) };
      return;
    }
    const { index, entry } = placed;
    const wrong = misplaced(group, entry);
    for (const what of wrong) yield { code: 'calls-differ', table, index, what };
    if (wrong.length > 0) return;
    const leaves = group.map((row) => this.#leafOf(row));
    if (leaves.some((leaf) => leaf === undefined)) this.counted++;
    else if (toBase64url(merkleRoot(leaves.map((leaf) => hashOf(leaf!)))) !== entry.root) {
      yield { code: 'calls-differ', table, index, what: 'root' };
    }
  }

  /** Undefined where the audit does not have what is in it. */
  #leafOf(row: AuditRow): ReceiptLeaf | undefined {
    const call = idOf(row);
    const { opened } = this.#of;
    if (row.iss === 'case' || opened.unread.has(call)) return undefined;
    const { iss, jti, op, req, res, status } = row;
    const leaf = { v: 1, iss, jti, op, req, res, status, at: toNumericDate(row.at) } as const;
    const changes = opened.changes.get(call);
    if (changes) {
      // A place without an opening gives another root.
      const leaves = Array.from(changes, (hash?: Uint8Array) => hash ?? new Uint8Array(32));
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

const inGroups = sql<AuditRow>`
  select a.kid, a.jti, a.iss, a.op, a.req, a.res, a.status, a.at, a.entry, a.place,
    n.body, k.sanction, k.wrapped
  from audit a
  left join answers n on n.kid = a.kid and n.jti = a.jti and a.status = 200 and not exists (
    select from openings o where o.kid = a.kid and o.jti = a.jti)
  left join case_keys k on k.sanction = n.sanction
  order by a.entry, a.place, a.kid, a.jti`;

const idOf = ({ kid, jti }: Pick<AuditRow, 'kid' | 'jti'>): string => `${kid} ${jti}`;

const hashOf = (leaf: ReceiptLeaf): Uint8Array => leafHash(utf8(jcs(leaf)));

/** Which rows of a group have no place to themselves, or are of another time; and which places are empty. */
function misplaced(
  group: readonly AuditRow[],
  { at, count }: { readonly at: string; readonly count: number },
): string[] {
  const places = Map.groupBy(group, ({ place }) => place);
  const wrong = group.filter(
    (row) => row.place >= count || places.get(row.place)!.length > 1 || toTimestamp(row.at) !== at,
  );
  const empty = Array.from({ length: count }, (_, place) => place).filter(
    (place) => !places.has(place),
  );
  return [
    ...wrong.map((row) => `row ${idOf(row)}`),
    ...empty.map((place) => `no row at place ${place}`),
  ];
}
