import type { VerifierKey } from '@recourse/ledger';
import {
  createWitnessState,
  fileWitnessStore,
  serveWitness,
  Witness,
  type ServeOptions,
} from '@recourse/witness';
import { InvalidArgumentError } from 'commander';
import { resolve } from 'node:path';
import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CliError } from '../../errors.ts';
import { stopSignal } from '../../import/stop-signal.ts';
import { readVerifierKey, trustedLog } from '../../ledger/log-options.ts';
import { optional, orElse, repeated, text, toggle, value } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { readWitnessKey } from '../../witness/witness-key.ts';

interface Served {
  readonly host: string;
  readonly port: number;
}

export const runCommand = command(
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
  { host, port }: Served,
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
    const told = { event: 'answered', at, status, ...asked, contradiction, fault: code };
    terminal.event(told, () =>
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

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port < 65_536) return port;
  throw new InvalidArgumentError('It takes a number from 0 (any) to 65535.');
}
