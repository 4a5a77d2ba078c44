import { readFileSync } from 'node:fs';
import { generateKey, signerFromJwk } from '@recourse/protocol';
import { connect, deadlinesOf, makeServices, settleDue, Vault, type Db } from '@recourse/registry';
import { randomBytes } from 'node:crypto';
import type { KyselyPlugin } from 'kysely';

/** A server that looks for what is due, and kills itself at the first statement that matches. */
export interface Orders {
  readonly url: string;
  readonly origin: string;
  /** base64 */
  readonly vaultKey: string;
  /** How far its clock is ahead */
  readonly aheadMs: number;
  readonly matches: string;
  readonly when: 'before' | 'answered';
}

const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

function dying(db: Db, { matches, when }: Orders): Db {
  const pattern = new RegExp(matches);
  let fatal: unknown;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      if (!pattern.test(JSON.stringify(node))) return node;
      if (when === 'before') die();
      fatal = queryId;
      return node;
    },
    transformResult: async ({ result, queryId }) => {
      if (queryId === fatal) die();
      return result;
    },
  };
  return db.withPlugin(plugin);
}

async function run(orders: Orders): Promise<void> {
  const plain = connect({ url: orders.url, role: 'recourse_service', connections: 4 });
  const signer = await signerFromJwk(await generateKey());
  const notAsked = (): Promise<never> => Promise.reject(new Error('not asked'));
  const services = makeServices({
    db: dying(plain, orders),
    origin: orders.origin,
    clock: () => new Date(Date.now() + orders.aheadMs),
    random: (size) => randomBytes(size),
    place: () => 0,
    receiptSigner: signer,
    eventSigner: signer,
    vault: new Vault(Buffer.from(orders.vaultKey, 'base64')),
    tokens: { epochs: () => [], evaluate: notAsked, publicKeyOf: () => undefined },
    proofs: { mailCode: notAsked, textCode: () => {}, txtRecords: notAsked },
    news: { available: false, mailNews: notAsked },
    notices: { sends: () => false, send: notAsked, wake: () => {} },
    deadlines: deadlinesOf({}, { sandbox: false }),
  });
  await settleDue(services);
}

const orders = readFileSync(0, 'utf8');
// Without orders it is only compiled.
if (orders !== '') await run(JSON.parse(orders) as Orders);
