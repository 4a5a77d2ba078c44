import { encodeVerifierKey, type VerifierKey } from '@recourse/ledger';
import {
  createWitnessState,
  fileWitnessStore,
  serveWitness,
  Witness,
  type ServeOptions,
} from '@recourse/witness';
import { resolve } from 'node:path';
import { command, group } from '../command.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { readVerifierKey, trustedLog } from '../ledger/log-options.ts';
import { createWitnessKey, readWitnessKey } from '../ledger/witness-key.ts';
import { optional, orElse, repeated, taking, text, toggle, value } from '../options.ts';
import { stopSignal } from '../progress.ts';
import type { Terminal } from '../terminal.ts';

const keygen = command(
  {
    name: 'keygen',
    about: 'make the key of a witness, readable by you only, and print its verifier key',
    flags: {
      name: text('name', 'of the witness, such as witness.example/w1'),
      out: text('file', 'where to write it; an existing file is never overwritten'),
    },
  },
  async ({ name, out }, { terminal }) => {
    const file = resolve(out);
    const { key } = await createWitnessKey(file, name);
    const verifierKey = encodeVerifierKey(key);
    terminal.result({ keyFile: file, key: verifierKey }, () => verifierKey);
  },
);

const parsePort = taking('a number from 0 (any) to 65535', (text) =>
  /^\d{1,5}$/.test(text) && Number(text) < 65_536 ? Number(text) : undefined,
);

const run = command(
  {
    name: 'run',
    about: 'answer to logs that ask for a cosignature (C2SP tlog-witness), until stopped',
    flags: {
      key: text('file', 'the key, as keygen wrote it'),
      log: optional(
        repeated(
          text(
            'key',
            'verifier key of a ledger, host/ledger+id+base64; may be given several times. Without it: the ledger of the profile',
          ),
        ),
      ),
      state: text('file', 'what it has cosigned: never put an older copy in its place'),
      begin: toggle('begin a new state: the first time that this key is used, and never again'),
      host: orElse(text('host', 'where to listen; a reverse proxy gives it TLS'), '127.0.0.1'),
      port: orElse(value('n', 'where to listen', parsePort), 8470),
    },
  },
  async ({ key, log, state, begin, ...at }, context) => {
    const signer = await readWitnessKey(resolve(key));
    const logs = await logsOf(log, context);
    if (begin) createWitnessState(resolve(state));
    const store = fileWitnessStore(resolve(state));
    try {
      await serve(context, at, new Witness({ signer, logs, store, clock: () => new Date() }));
    } finally {
      await store.close();
    }
  },
);

async function logsOf(
  log: readonly string[] | undefined,
  { options, environment }: Context,
): Promise<VerifierKey[]> {
  if (log !== undefined) return log.map((text) => readVerifierKey(text, '--log'));
  // `--key` of this command is a file of its own.
  const { policy } = await trustedLog({ ...options, key: undefined }, environment);
  return [policy.log];
}

async function serve(
  { terminal }: Context,
  { host, port }: { host: string; port: number },
  witness: Witness,
): Promise<void> {
  const onAnswer = reporterTo(terminal);
  const stop = stopSignal(() => terminal.note('\nStopping; Ctrl-C again stops at once.'));
  const stopped = new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
  try {
    const served = await listening(() => serveWitness({ witness, host, port, onAnswer }));
    const logs = await witness.logs();
    const { key } = witness;
    terminal.event({ event: 'listening', url: served.url, key, logs }, () => {
      const names = logs.map(({ origin, size }) => `${origin} (${size})`);
      return `${key} cosigns ${names.join(', ')} at ${served.url}`;
    });
    await stopped;
    await served.stop();
    terminal.event({ event: 'stopped' }, () => 'stopped');
  } finally {
    stop.dispose();
  }
}

function reporterTo(terminal: Terminal): NonNullable<ServeOptions['onAnswer']> {
  return ({ answer: { status, asked, contradiction }, fault }) => {
    const at = new Date().toISOString();
    const code = fault === undefined ? undefined : codeOf(fault);
    const answered = { event: 'answered', at, status, ...asked, contradiction, fault: code };
    terminal.event(answered, () =>
      [at, status, asked?.origin, asked?.size, code, contradiction && contradicts(contradiction)]
        .filter((part) => part !== undefined)
        .join(' '),
    );
  };
}

/** Whoever runs a witness is the first to know. */
const contradicts = ({ held, offered }: { held: string; offered: string }): string =>
  `REFUSED: not shown to be of the history that was cosigned. Keep both:\n${held}\n${offered}`;

const codeOf = (fault: unknown): string =>
  fault instanceof Error && 'code' in fault ? String(fault.code) : 'internal';

async function listening<T>(serve: () => Promise<T>): Promise<T> {
  try {
    return await serve();
  } catch (cause) {
    throw new CliError(
      'usage',
      {
        message: `Cannot listen there (${codeOf(cause)}).`,
        next: 'Give a --host of this machine and a --port that is free.',
      },
      { cause },
    );
  }
}

const register = command(
  {
    name: 'register',
    about: 'have the registry ask your witness for cosignatures; needs an admin key',
    flags: {
      at: text('url', 'where the witness is asked: https://witness.example'),
      keyFile: optional(text('file', 'its key, as keygen wrote it')),
      key: optional(text('key', 'instead: its verifier key, as keygen printed it')),
    },
  },
  async ({ at: url, ...from }, { terminal, connect }) => {
    const key = await keyOf(from);
    const result = await (await connect()).parties.witness({ key, url });
    const { threshold, witnesses } = result.policy;
    terminal.result(result, () => [
      `Registered ${key}; the registry asks it at ${url}.`,
      `From now on ${threshold} of ${witnesses.length} witnesses must cosign.`,
    ]);
  },
);

/** The key need not be where the admin key is: its public half is enough. */
async function keyOf({ keyFile, key }: { keyFile?: string; key?: string }): Promise<string> {
  if (key !== undefined && keyFile === undefined) return key;
  if (key === undefined && keyFile !== undefined) {
    return encodeVerifierKey((await readWitnessKey(resolve(keyFile))).key);
  }
  throw new CliError('usage', {
    message: 'It takes --key-file or --key, and not both.',
    next: 'Give the verifier key that recourse witness keygen printed.',
  });
}

/** A witness that any member can run beside a registry, so that it cannot show two histories. */
export const witnessCommand = group({
  name: 'witness',
  about: 'cosign the ledger of a registry: that it only ever grew (docs/witness.md)',
  commands: [keygen, run, register],
});
