import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { toBase64url } from '@recourse/protocol';
import { AgentError } from './errors.ts';
import { writeDurably } from './secrets/private-file.ts';

/** Where everything of one agent is. */
export interface StateFolder {
  /** File of the token that services send, where nobody said where else it is */
  readonly token: string;
  readonly outbox: string;
  readonly questions: string;
  readonly events: string;
  readonly webhookPlace: string;
  readonly pins: string;
  readonly ledger: string;
  readonly sets: string;
  readonly witness: string;
  release(): void;
}

/**
 * The folder of one agent and one registry, locked for this process: two would deliver the same intents. The lock is the
 * kernel's, by SQLite, and ends with the process however it ends.
 * @throws AgentError `state-in-use`
 */
export function openState(directory: string): StateFolder {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = lockOf(join(directory, 'lock'));
  return {
    token: join(directory, 'token'),
    outbox: join(directory, 'outbox'),
    questions: join(directory, 'questions.sqlite'),
    events: join(directory, 'events.ndjson'),
    webhookPlace: join(directory, 'webhook-place'),
    pins: join(directory, 'pins.json'),
    ledger: join(directory, 'ledger'),
    sets: join(directory, 'sets'),
    witness: join(directory, 'witness.json'),
    release: () => lock.close(),
  };
}

/** Makes 32 random bytes where there are none: the first start of an agent that was given no other place for a secret. */
export function makeSecret(path: string): void {
  if (!existsSync(path)) writeDurably(path, `${toBase64url(randomBytes(32))}\n`);
}

function lockOf(path: string): DatabaseSync {
  try {
    const lock = new DatabaseSync(path, { timeout: 0 });
    lock.exec('pragma journal_mode = off; begin exclusive');
    return lock;
  } catch (cause) {
    throw new AgentError(
      'state-in-use',
      {
        message: `${path} cannot be locked: another agent works there, or the folder cannot be written.`,
        next: 'Stop the other one, or give this one a --state of its own.',
      },
      { cause },
    );
  }
}
