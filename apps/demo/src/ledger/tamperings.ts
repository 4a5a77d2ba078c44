import { encodeEntryBundle, parseEntryBundle, signNote, type NoteSigner } from '@recourse/ledger';
import { fromBase64url, fromUtf8, generateKey, signerFromJwk, utf8 } from '@recourse/protocol';
import type { VerifyErrorCode } from '@recourse/verify';
import { signedLog } from './build-log.ts';
import type { HeldLog } from './held-log.ts';
import type { LogFiles } from './log-copy.ts';

export interface Tampering {
  readonly what: string;
  /** The code that a reader refuses it with */
  readonly expected: VerifyErrorCode;
  /** Shown to a reader who has verified the log as it was, and reads on: what was rewritten nobody else can tell */
  readonly seen?: true;
  readonly tamper: (log: HeldLog) => LogFiles | Promise<LogFiles>;
}

/** Changed files under the old signature, then logs that their operator signed anew. */
export const tamperings: readonly Tampering[] = [
  {
    what: 'a byte of tile/0/000 changed',
    expected: 'tile-mismatch',
    tamper: (log) => changed(log, 'tile/0/000', (bytes) => flipped(bytes, 40)),
  },
  {
    what: 'a byte of the tile above the leaves changed',
    expected: 'tile-mismatch',
    tamper: (log) => changed(log, pathOf(log, /^tile\/1\//), (bytes) => flipped(bytes, 0)),
  },
  {
    what: 'an entry edited',
    expected: 'tile-mismatch',
    tamper: (log) => inFirstBundle(log, (entries) => entries.with(9, edited(entries[9]!))),
  },
  {
    what: 'an entry deleted',
    expected: 'entries-malformed',
    tamper: (log) => inFirstBundle(log, (entries) => entries.toSpliced(9, 1)),
  },
  {
    what: 'a bundle of entries deleted',
    expected: 'entries-missing',
    tamper: ({ files }) => new Map([...files].filter(([path]) => path !== firstBundle)),
  },
  {
    what: 'two entries exchanged, and every tile made anew',
    expected: 'root-mismatch',
    tamper: async (log) => {
      const anew = new Map(await signedLog(exchanged(log), log.signer));
      return anew.set('checkpoint', log.files.get('checkpoint')!);
    },
  },
  {
    what: 'the checkpoint signed by another key',
    expected: 'checkpoint-invalid',
    tamper: (log) => changed(log, 'checkpoint', (note) => signedByAnother(note, log.signer)),
  },
  {
    what: 'the checkpoint edited',
    expected: 'checkpoint-invalid',
    tamper: (log) => changed(log, 'checkpoint', (note) => utf8(`1${fromUtf8(note)}`)),
  },
  {
    what: 'two entries exchanged, signed anew, to a reader who saw them',
    expected: 'forked',
    seen: true,
    tamper: (log) => signedLog(exchanged(log), log.signer),
  },
  {
    what: 'two entries exchanged, more logged, signed anew, to a reader who saw them',
    expected: 'forked',
    seen: true,
    tamper: (log) => signedLog([...exchanged(log), log.entries.at(-1)!], log.signer),
  },
  {
    what: 'an old copy of the database restored, to a reader who saw the new one',
    expected: 'rolled-back',
    seen: true,
    tamper: (log) => signedLog(log.entries.slice(0, -1), log.signer),
  },
  {
    what: 'an acknowledgement forged',
    expected: 'acknowledgement-forged',
    seen: true,
    tamper: (log) => withEntry(log, log.forged.acknowledgement()),
  },
  {
    what: 'a recall called overdue that was acknowledged',
    expected: 'overdue-forged',
    seen: true,
    tamper: (log) => withEntry(log, log.forged.overdue()),
  },
  {
    what: 'a key of a platform planted',
    expected: 'key-not-chained',
    seen: true,
    tamper: async (log) => withEntry(log, await log.forged.partyKey(log.origin)),
  },
  {
    what: 'a key of the registry planted',
    expected: 'registry-key-not-signed',
    seen: true,
    tamper: async (log) => withEntry(log, await log.forged.registryKey(log.origin)),
  },
  {
    what: 'a recall dropped',
    expected: 'recalls-mismatch',
    tamper: ({ entries, forged, signer }) =>
      signedLog(entries.toSpliced(forged.indexOf('recall-issued'), 1), signer),
  },
  {
    what: 'a recall dated back to before its disclosure',
    expected: 'recall-undisclosed',
    tamper: ({ entries, forged, signer }) => {
      const recall = forged.indexOf('recall-issued');
      const disclosed = forged.indexOf('sanction-disclosed', forged.pairAt(recall));
      const without = entries.toSpliced(recall, 1);
      return signedLog(without.toSpliced(disclosed, 0, entries[recall]!), signer);
    },
  },
];

const firstBundle = 'tile/entries/000';

type Change = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

async function changed({ files }: HeldLog, path: string, change: Change): Promise<LogFiles> {
  const bytes = files.get(path);
  if (!bytes) throw new Error(`the log has no ${path}`);
  return new Map(files).set(path, await change(bytes));
}

const inFirstBundle = (
  log: HeldLog,
  change: (entries: readonly Uint8Array[]) => readonly Uint8Array[],
): Promise<LogFiles> =>
  changed(log, firstBundle, (bytes) => encodeEntryBundle(change(parseEntryBundle(bytes, 256))));

const pathOf = ({ files }: HeldLog, pattern: RegExp): string =>
  [...files.keys()].find((path) => pattern.test(path)) ?? String(pattern);

const withEntry = ({ entries, signer }: HeldLog, entry: Uint8Array): Promise<LogFiles> =>
  signedLog([...entries, entry], signer);

/** The last two. */
function exchanged({ entries }: HeldLog): readonly Uint8Array[] {
  const [first, second] = [entries.at(-2)!, entries.at(-1)!];
  return [...entries.slice(0, -2), second, first];
}

const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, bytes[at]! ^ 1);

/** Another year, in the same form. */
const edited = (entry: Uint8Array): Uint8Array =>
  utf8(fromUtf8(entry).replace(/"at":"2\d{3}/, '"at":"2001'));

async function signedByAnother(note: Uint8Array, { key }: NoteSigner): Promise<Uint8Array> {
  const signer = await signerFromJwk(await generateKey());
  const { publicJwk } = signer;
  if (publicJwk.kty !== 'OKP') throw new TypeError('not Ed25519');
  const another: NoteSigner = {
    key: { ...key, publicKey: fromBase64url(publicJwk.x) },
    sign: (message) => signer.sign(message),
  };
  const [text = ''] = fromUtf8(note).split('\n\n');
  return utf8(await signNote(`${text}\n`, [another]));
}
