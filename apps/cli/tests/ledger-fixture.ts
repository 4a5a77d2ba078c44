import { randomBytes } from 'node:crypto';
import { jcs, toBase64url, toTimestamp, type Entry } from '@recourse/protocol';
import { vi } from 'vitest';
import { row, writeNdjson } from './import-rows.ts';
import { runHere, type Run } from './in-process.ts';
import { linesOf, type Sandbox } from './sandbox.ts';

export const random = (): string => toBase64url(randomBytes(32));
const now = (): string => toTimestamp(new Date());
export const calls = (): Entry => ({ v: 1, type: 'calls', at: now(), count: 1, root: random() });

interface Failure {
  readonly code: string;
  readonly next: string;
  readonly issues: readonly { path: string; code: string }[];
}
export const failureOf = ({ stdout }: Run): Failure =>
  (JSON.parse(stdout) as { error: Failure }).error;

/** The ledger of a sandbox that runs. */
export class LedgerFixture {
  readonly sandbox: Sandbox;
  /** Read once as a person would read it in an invite */
  readonly key: string;
  #states = 0;

  private constructor(sandbox: Sandbox, key: string) {
    this.sandbox = sandbox;
    this.key = key;
  }

  static async of(sandbox: Sandbox): Promise<LedgerFixture> {
    for (const name of ['Harbour', 'Tubely', 'Marketo']) {
      const run = await sandbox.run(['call', 'parties.witness', '{"key":null}'], `${name}:admin`);
      if (run.code !== 0) throw new Error('not taken back');
    }
    const response = await fetch(`${sandbox.server.url}/.well-known/recourse`);
    const { ledger } = (await response.json()) as { ledger: { key: string } };
    return new LedgerFixture(sandbox, ledger.key);
  }

  /** A record that was told, withdrawn, recalled, and the recall acknowledged. @returns a receipt of the telling */
  async recallOnce(): Promise<string> {
    const { sanction, receipt } = await this.tell(1);
    await this.recall(sanction);
    return receipt;
  }

  /** A record of Harbour that Tubely is told of, with a receipt of the telling. */
  async tell(n: number): Promise<{ sanction: string; receipt: string }> {
    const { sandbox } = this;
    const [path, codes] = [sandbox.file(`told-${n}.ndjson`), sandbox.file(`told-${n}.codes`)];
    const sentAt = new Date().toISOString();
    const notice = { notice_channel: 'letter', notice_language: 'en', notice_sent_at: sentAt };
    writeNdjson(path, [row(n, notice)]);
    await sandbox.run(['import', path, '--case-codes', codes]);
    const { receipts } = await this.check(n);
    const [line] = linesOf(codes);
    return { sanction: String(line?.['sanction']), receipt: receipts.at(-1) ?? '' };
  }

  /** Tubely asks for the domain of a record. */
  check(n: number): Promise<{ receipts: string[]; matches: unknown[] }> {
    const proven = ['--proven-at', new Date().toISOString()];
    const ask = [
      'check',
      '--domain',
      `listed-${n}.example`,
      '--purpose',
      'signup',
      '--always-ask',
      ...proven,
    ];
    return this.sandbox.json(ask, 'Tubely');
  }

  /** Withdrawn, and the recall acknowledged. */
  async recall(sanction: string): Promise<void> {
    const { sandbox } = this;
    await sandbox.run(['sanctions', 'withdraw', sanction, '--cause', 'error']);
    const list = ['recalls', 'list'];
    const { recalls } = await sandbox.json<{ recalls: { recall: string }[] }>(list, 'Tubely');
    const done = ['--action', 'never-acted', '--copies', 'deleted'];
    await sandbox.run(['recalls', 'acknowledge', recalls[0]?.recall ?? '', ...done], 'Tubely');
  }

  /** The registry logs and signs them like its own. */
  async append(entries: readonly Entry[]): Promise<void> {
    const texts = entries.map((entry) => jcs(entry));
    await this.sandbox.sql`insert into ledger_pending (entries, at) values (${texts}, now())`;
    await this.signed();
  }

  /** Resolves when all that waits is in the log and under a checkpoint that is served. */
  async signed(): Promise<void> {
    await vi.waitFor(
      async () => {
        const [left] = await this.sandbox.sql`
          select (select count(*)::int from ledger_pending) as waiting,
            (select size::int from ledger_state)
              - (select coalesce(max(size), 0)::int from ledger_served) as unsigned`;
        if (left?.['waiting'] !== 0 || left['unsigned'] !== 0) throw new Error('not yet');
      },
      { timeout: 60_000, interval: 100 },
    );
  }

  verify(state: string, ...more: string[]): Promise<Run> {
    const { origin } = this.sandbox.server;
    const chosen = ['--registry', origin, '--key', this.key, '--state', this.sandbox.file(state)];
    return runHere(['ledger', 'verify', ...chosen, ...more, '--json']);
  }

  freshState(): string {
    return `state-${this.#states++}.json`;
  }
}
