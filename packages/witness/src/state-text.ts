import { LedgerError, parseCheckpoint, parseNote } from '@recourse/ledger';
import {
  hashText,
  isJsonObject,
  jcs,
  parseStrictJson,
  ProtocolError,
  utf8,
  type Json,
} from '@recourse/protocol';
import { WitnessError } from './errors.ts';
import type { WitnessedTree } from './witness-store.ts';

export type WitnessState = ReadonlyMap<string, WitnessedTree>;

/**
 * The state file: one line, RFC 8785 of `{v, logs: {<origin>: {note, time}}, sum}`, and a newline. `sum` is the SHA-256
 * of RFC 8785 of `logs`. Without it a flipped digit of a size would be a rollback that nothing shows.
 */
export function encodeState(state: WitnessState): string {
  const logs = Object.fromEntries(
    [...state].map(([origin, { note, time }]) => [origin, { note, time }]),
  );
  return `${jcs({ v: 1, logs, sum: hashText(jcs(logs)) })}\n`;
}

/**
 * Reads a state of `encodeState`.
 * @throws WitnessError `state-damaged` for anything else
 */
export function decodeState(text: string): WitnessState {
  try {
    const json = parseStrictJson(utf8(text));
    const logs = isJsonObject(json) ? json['logs'] : undefined;
    const state = new Map(Object.entries(isJsonObject(logs) ? logs : {}).map(treeOf));
    if (encodeState(state) === text) return state;
  } catch (cause) {
    if (!(cause instanceof ProtocolError) && !(cause instanceof LedgerError)) throw cause;
    throw damaged({ cause });
  }
  throw damaged();
}

function treeOf([origin, log]: [string, Json]): [string, WitnessedTree] {
  const { note, time } = isJsonObject(log) ? log : {};
  if (typeof note !== 'string' || typeof time !== 'number' || !Number.isSafeInteger(time)) {
    throw new ProtocolError('json-invalid', 'not a tree');
  }
  if (parseCheckpoint(parseNote(note).text).origin !== origin) {
    throw new ProtocolError('json-invalid', 'tree of another log');
  }
  return [origin, { note, time }];
}

/** Help for a witness without a state. */
export const whenLost =
  'Find the newest one. Never put an older copy in its place: the witness would contradict its own signatures. ' +
  'If it is lost, take the key back, make a new one, and register that.';

const damaged = (options?: ErrorOptions): WitnessError =>
  new WitnessError('state-damaged', { message: 'The state is damaged.', next: whenLost }, options);
