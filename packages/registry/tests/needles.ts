import { fromBase64url } from '@recourse/protocol';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';

/** What must not be found, and what kind of thing it is. */
export interface Needle {
  readonly kind: string;
  readonly bytes: Buffer;
}

/** Members of inputs that are of somebody, or open something. */
const telling: ReadonlySet<string> = new Set(
  'token salt text words code key newKey secret identifier proof ref name bytes ciphertext statement caseKey request'.split(
    ' ',
  ),
);

/** Names and keys of parties are public. */
const ofParties = /^(platforms|parties|panel|keys|people|taxonomy)\./;

/** Every telling text that is put into a registry from now on, as it was sent. */
export function recordInputs(registry: TestRegistry): Needle[] {
  const needles: Needle[] = [];
  const send = registry.send.bind(registry);
  registry.send = (path, compact, ...rest) => {
    const [, payload = ''] = compact.split('.');
    if (!ofParties.test(path)) {
      collect(needles, JSON.parse(Buffer.from(fromBase64url(payload)).toString('utf8')));
    }
    return send(path, compact, ...rest);
  };
  const sendCase = registry.sendCase.bind(registry);
  registry.sendCase = (path, body) => {
    collect(needles, JSON.parse(body));
    return sendCase(path, body);
  };
  return needles;
}

const shortest = 10;

function collect(needles: Needle[], value: unknown, kind = ''): void {
  if (typeof value === 'string') {
    if (telling.has(kind) && value.length >= shortest) needles.push(...spellings(kind, value));
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      collect(needles, member, Array.isArray(value) ? kind : name);
    }
  }
}

/** As it was sent; its bytes and their digits where it is 32 bytes; a secret without its dashes. */
function spellings(kind: string, value: string): Needle[] {
  const texts = [value, ...(value.includes('-') ? [value.replaceAll('-', '')] : [])];
  if (/^[A-Za-z0-9_-]{43}$/.test(value)) {
    const bytes = Buffer.from(fromBase64url(value));
    return [Buffer.from(value), bytes, Buffer.from(bytes.toString('hex'))].map((spelling) => ({
      kind,
      bytes: spelling,
    }));
  }
  return texts.map((text) => ({ kind, bytes: Buffer.from(text) }));
}

/** What the database itself keeps of cases, sealed and hashed: columns by table. */
const keptForms: Readonly<Record<string, string>> = {
  sanctions: 'account statement commitments ref amendment',
  case_keys: 'wrapped',
  subjects: 'lookup sealed',
  submitter_subjects: 'lookup',
  kept_calls: 'sealed',
  openings: 'opening',
  answers: 'body',
  ends: 'artefact',
  matches: 'ref',
  appeals: 'words response claimant',
  appeal_joins: 'words',
  claimants: 'id secret',
  case_codes: 'hash',
  case_contacts: 'address stop',
  case_access: 'name invite',
  questions: 'text',
  question_answers: 'text',
  case_information: 'text',
  case_files: 'sealed',
  deliveries: 'sealed',
  decisions: 'reasons artefact',
  tickets: 'request lookup',
  invites: 'code_hash',
};

/** What the tables have of cases now, as it stands in them. */
export async function keptNow({ ownerDb }: TestRegistry): Promise<Needle[]> {
  const needles: Needle[] = [];
  for (const [table, columns] of Object.entries(keptForms)) {
    for (const column of columns.split(' ')) {
      // Openings of public entries, and answers that open none, are of nobody.
      const ofCases = table === 'openings' ? sql`where sanction is not null` : sql``;
      const { rows } = await sql<{ value: Uint8Array | string | string[] | null }>`
        select ${sql.ref(column)} as value from ${sql.table(table)} ${ofCases}`.execute(ownerDb);
      for (const value of rows.flatMap((row) => row.value ?? [])) {
        const bytes = Buffer.from(value as string);
        if (bytes.length >= shortest) needles.push({ kind: `${table}.${column}`, bytes });
      }
    }
  }
  return needles;
}

/** Finds any of many byte strings in one pass. */
export class Search {
  readonly #byStart = new Map<number, Needle[]>();
  readonly count: number;

  constructor(needles: readonly Needle[]) {
    this.count = needles.length;
    for (const needle of needles) {
      const start = needle.bytes.readInt32LE(0);
      const same = this.#byStart.get(start);
      if (same) same.push(needle);
      else this.#byStart.set(start, [needle]);
    }
  }

  /** The kinds found, each once. */
  in(haystack: Buffer): Set<string> {
    const kinds = new Set<string>();
    for (let at = 0; at + 4 <= haystack.length; at++) {
      for (const { kind, bytes } of this.#byStart.get(haystack.readInt32LE(at)) ?? []) {
        if (bytes.equals(haystack.subarray(at, at + bytes.length))) kinds.add(kind);
      }
    }
    return kinds;
  }
}

/** Every value of every column of every table that is not PostgreSQL's own: where it was found, and what. */
export async function searchTables({ ownerDb }: TestRegistry, search: Search): Promise<string[]> {
  const { rows: tables } = await sql<{ schema: string; name: string }>`
    select schemaname as schema, tablename as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`.execute(ownerDb);
  const found = new Set<string>();
  for (const { schema, name } of tables) {
    const { rows } = await sql<Record<string, unknown>>`
      select * from ${sql.table(`${schema}.${name}`)}`.execute(ownerDb);
    for (const [column, value] of rows.flatMap((row) => Object.entries(row))) {
      for (const kind of search.in(contentOf(value))) found.add(`${kind} in ${name}.${column}`);
    }
  }
  return [...found].toSorted();
}

const contentOf = (value: unknown): Buffer =>
  value instanceof Uint8Array
    ? Buffer.from(value)
    : Buffer.from(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
