import { randomBytes, randomInt } from 'node:crypto';
import { publicPart, thumbprint } from '@recourse/protocol';
import { placeOf, type Db, type Vault } from '@recourse/registry';
import { sql } from 'kysely';
import { insertPlatforms } from '../told-platforms.ts';
import { bulkLoad, recordsFor, type Submitter } from './bulk-load.ts';
import { recordId, tokensOfRecord } from './bulk-rows.ts';

const submitters = 100;
/** Records that answer, of each size: more than a bench asks about in a round */
const answering = 2_000;

export interface FilledTables {
  /** Tokens that are listed, and answer */
  readonly listed: readonly string[];
  readonly tokens: number;
  readonly gigabytes: number;
}

/** The tables of one registry, filled further and further. It owns how many records are in them. */
export class Bulk {
  readonly #owner: Db;
  readonly #vault: Vault;
  readonly #told: string;
  #records = 0;
  #submitters: readonly Submitter[] = [];

  /** @param told the platform that was told of one in four */
  constructor(at: { owner: Db; vault: Vault; told: string }) {
    this.#owner = at.owner;
    this.#vault = at.vault;
    this.#told = at.told;
  }

  /** Fills them to so many tokens, and shows how far it is. */
  async fill(tokens: number): Promise<FilledTables> {
    const to = recordsFor(tokens);
    const bar = new LoadBar(tokens, process.stderr);
    if (this.#submitters.length === 0) this.#submitters = await this.#addSubmitters();
    const load = { from: this.#records, to, submitters: this.#submitters, told: this.#told };
    await bulkLoad(this.#owner, load, (records) => bar.show(records * tokensOfRecord));
    bar.end();
    this.#records = to;
    return { listed: await this.#letSomeAnswer(), tokens, gigabytes: await this.#size() };
  }

  async #addSubmitters(): Promise<Submitter[]> {
    const platforms = await insertPlatforms(this.#owner, { count: submitters, keyed: submitters });
    return platforms.flatMap(({ party, privateJwk }) =>
      privateJwk ? [{ party, kid: thumbprint(publicPart(privateJwk)) }] : [],
    );
  }

  /** Records anywhere in the tables get a first subject with a token that is known, sealed as a submission seals it. */
  async #letSomeAnswer(): Promise<string[]> {
    const chosen = new Set<number>();
    while (chosen.size < Math.min(answering, this.#records)) chosen.add(randomInt(this.#records));
    const rows = [...chosen].map((n) => this.#answeringRow(recordId(n)));
    // In hex: postgres.js would send an array of bytes as the bytes of its first element.
    const column = (name: 'wrapped' | 'lookup' | 'sealed'): string[] =>
      rows.map((row) => Buffer.from(row[name]).toString('hex'));
    const sanctions = rows.map(({ sanction }) => sanction);
    await sql`update case_keys set wrapped = decode(t.wrapped, 'hex')
      from unnest(${sanctions}::text[], ${column('wrapped')}::text[]) as t(sanction, wrapped)
      where case_keys.sanction = t.sanction`.execute(this.#owner);
    await sql`update subjects set lookup = decode(t.lookup, 'hex'), sealed = decode(t.sealed, 'hex')
      from unnest(${sanctions}::text[], ${column('lookup')}::text[], ${column('sealed')}::text[])
        as t(sanction, lookup, sealed)
      where subjects.sanction = t.sanction and subjects.position = 0`.execute(this.#owner);
    return rows.map(({ token }) => token);
  }

  #answeringRow(sanction: string) {
    const [token, salt] = [random32(), random32()];
    const { key, wrapped } = this.#vault.createCase(sanction);
    const lookup = this.#vault.lookup(token);
    const place = placeOf('subjects.sealed', { sanction, position: 0, epoch: 1 });
    return { sanction, token, wrapped, lookup, sealed: key.sealJson({ salt, token }, place) };
  }

  async #size(): Promise<number> {
    const { rows } = await sql<{ bytes: number }>`
      select pg_database_size(current_database()) as bytes`.execute(this.#owner);
    return (rows[0]?.bytes ?? 0) / 1e9;
  }
}

const random32 = (): string => randomBytes(32).toString('base64url');

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const cells = 24;
/** Where nobody sees a bar redraw, a line now and then */
const linesEveryMs = 10_000;

/** How far a load is: on a terminal a bar, elsewhere a line every ten seconds. */
class LoadBar {
  readonly #total: number;
  readonly #out: Terminal;
  readonly #begun = performance.now();
  #drawn = this.#begun;
  #first: number | undefined;

  constructor(total: number, out: Terminal) {
    this.#total = total;
    this.#out = out;
  }

  show(done: number): void {
    const now = performance.now();
    this.#first ??= done;
    if (!this.#out.isTTY && now - this.#drawn < linesEveryMs && done < this.#total) return;
    this.#drawn = now;
    const text = this.#text(Math.min(done, this.#total), (now - this.#begun) / 1_000);
    this.#out.write(this.#out.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
  }

  end(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
  }

  #text(done: number, seconds: number): string {
    const share = done / this.#total;
    const filled = Math.round(share * cells);
    const rate = (done - (this.#first ?? 0)) / Math.max(seconds, 0.001);
    const left = rate > 0 ? Math.round((this.#total - done) / rate) : 0;
    const bar = '#'.repeat(filled) + '-'.repeat(cells - filled);
    return `[${bar}] ${done} of ${this.#total} tokens, ${Math.round(rate)}/s, ${left} s left`;
  }
}
