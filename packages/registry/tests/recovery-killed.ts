import { readFileSync } from 'node:fs';
import { parseVerifierKey } from '@recourse/ledger';
import { connect, deadlinesOf, recoverLedger, Vault, type Db } from '@recourse/registry';
import { randomBytes } from 'node:crypto';
import type { KyselyPlugin, RootOperationNode } from 'kysely';
import { copyOf } from './recovery-files.ts';

/** A recovery that kills itself before its nth statement, or once it has the answer. */
export interface Orders {
  readonly url: string;
  readonly origin: string;
  readonly logKey: string;
  /** base64 */
  readonly vault: string;
  readonly outside: string;
  /** Base64 by path */
  readonly files: readonly (readonly [string, string])[];
  readonly nth: number;
  readonly when: 'before' | 'answered';
}

const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

const isRead = (node: RootOperationNode): boolean =>
  node.kind === 'SelectQueryNode' ||
  (node.kind === 'RawNode' &&
    /^\s*(select|declare|fetch|close)\b/.test(node.sqlFragments[0] ?? ''));

function dying(db: Db, { nth, when }: Orders): Db {
  let statements = 0;
  const isFatal = (): boolean => statements === nth;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      // Between two reads nothing is different: the doctor, which looks before and after, makes hundreds.
      if (isRead(node)) return node;
      statements++;
      if (when === 'before' && isFatal()) die();
      return node;
    },
    transformResult: async ({ result }) => {
      if (when === 'answered' && isFatal()) die();
      return result;
    },
  };
  return db.withPlugin(plugin);
}

async function run(orders: Orders): Promise<void> {
  const plain = connect({ url: orders.url, connections: 2 });
  await recoverLedger({
    services: {
      db: dying(plain, orders),
      origin: orders.origin,
      clock: () => new Date(),
      random: (size) => randomBytes(size),
      vault: new Vault(Buffer.from(orders.vault, 'base64')),
      deadlines: deadlinesOf({}, { sandbox: false }),
    },
    log: parseVerifierKey(orders.logKey),
    outside: [orders.outside],
    copy: copyOf(new Map(orders.files.map(([path, file]) => [path, Buffer.from(file, 'base64')]))),
  });
  await plain.destroy();
}

const orders = readFileSync(0, 'utf8');
// Without orders it is only compiled.
if (orders !== '') await run(JSON.parse(orders) as Orders);
