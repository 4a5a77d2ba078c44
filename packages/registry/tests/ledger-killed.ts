import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { NoteSigner } from '@recourse/ledger';
import { fromBase64url, signerFromJwk, type PrivateJwk } from '@recourse/protocol';
import {
  compareLedger,
  connect,
  createCallHandler,
  deadlinesOf,
  makeServices,
  Sequencer,
  signCheckpoint,
  Vault,
  type Db,
} from '@recourse/registry';
import { randomBytes } from 'node:crypto';
import type { KyselyPlugin } from 'kysely';

/** Where a server process kills itself: at the nth statement that matches, or at a copy outside. */
export interface KillPoint {
  readonly matches: string;
  readonly nth: number;
  /** Milliseconds after its answer is here, in a timer; `kept` is at the nth copy of a checkpoint outside */
  readonly when: 'before' | 'answered' | 'before-kept' | 'kept' | number;
}

export interface Orders {
  readonly url: string;
  readonly origin: string;
  readonly name: string;
  readonly logKey: PrivateJwk;
  /** The newest checkpoint is kept there, and all that were signed in `<copyAt>.signed`, a line each */
  readonly copyAt: string;
  readonly calls: readonly { readonly op: string; readonly compact: string }[];
  readonly point: KillPoint;
  /** How often it sequences and signs after its calls, when it does not come to its point */
  readonly rounds: number;
}

const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

function dying(db: Db, { matches, nth, when }: KillPoint): Db {
  const pattern = new RegExp(matches);
  let found = 0;
  let fatal: unknown;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      if (typeof when === 'string' && when.endsWith('kept')) return node;
      if (pattern.test(JSON.stringify(node)) && ++found === nth) {
        if (when === 'before') die();
        fatal = queryId;
      }
      return node;
    },
    transformResult: async ({ result, queryId }) => {
      if (queryId !== fatal) return result;
      if (when === 'answered') die();
      else setTimeout(die, Number(when));
      return result;
    },
  };
  return db.withPlugin(plugin);
}

async function noteSigner({ logKey, name }: Orders): Promise<NoteSigner> {
  const signer = await signerFromJwk(logKey);
  if (signer.publicJwk.kty !== 'OKP') throw new TypeError('not Ed25519');
  const publicKey = fromBase64url(signer.publicJwk.x);
  return { key: { name, type: 'ed25519', publicKey }, sign: (message) => signer.sign(message) };
}

/** Keeps a checkpoint outside; a process that is to die there does. */
function keptAt({ copyAt, point }: Orders): (note: string) => Promise<boolean> {
  let count = 0;
  return async (note) => {
    appendFileSync(`${copyAt}.signed`, `${JSON.stringify(note)}\n`);
    const isLast = ++count === point.nth;
    if (isLast && point.when === 'before-kept') die();
    writeFileSync(`${copyAt}.next`, note);
    renameSync(`${copyAt}.next`, copyAt);
    if (isLast && point.when === 'kept') die();
    return true;
  };
}

/** Answers its calls one after the other, and sequences and signs meanwhile and some rounds more. */
async function serve(orders: Orders): Promise<void> {
  const plain = connect({ url: orders.url, role: 'recourse_service', connections: 4 });
  const signer = await noteSigner(orders);
  const outside = existsSync(orders.copyAt) ? [readFileSync(orders.copyAt, 'utf8')] : [];
  await compareLedger(plain, { signer, outside });
  const db = dying(plain, orders.point);
  const sequencer = new Sequencer(db);
  const read = async (): Promise<string[]> => [];
  const keep = keptAt(orders);
  const answering = answer(db, orders).then(() => 'answered');
  for (let rounds = 0; rounds < orders.rounds;) {
    await sequencer.step();
    await signCheckpoint({ db, signer, now: new Date(), outside: { read, keep } });
    if ((await Promise.race([answering, delay(2)])) === 'answered') rounds++;
  }
  await plain.destroy();
}

const notAsked = (): Promise<never> => Promise.reject(new Error('not asked'));

/** Writes a line for each answer. */
async function answer(db: Db, { calls, origin, logKey }: Orders): Promise<void> {
  const receiptSigner = await signerFromJwk(logKey);
  const handler = createCallHandler(
    makeServices({
      db,
      origin,
      clock: () => new Date(),
      random: (size) => randomBytes(size),
      place: () => 0,
      receiptSigner,
      eventSigner: receiptSigner,
      vault: new Vault(randomBytes(32)),
      tokens: { epochs: () => [], evaluate: notAsked, publicKeyOf: () => undefined },
      proofs: { mailCode: notAsked, textCode: () => {}, txtRecords: notAsked },
      news: { available: false, mailNews: notAsked },
      notices: { sends: () => false, send: notAsked, wake: () => {} },
      deadlines: deadlinesOf({}, { sandbox: false }),
    }),
  );
  for (const { op, compact } of calls) {
    const { status, receipt } = await handler.handle(op, compact);
    writeSync(1, `${JSON.stringify({ op, status, receipt })}\n`);
  }
}

await serve(JSON.parse(readFileSync(0, 'utf8')) as Orders);
