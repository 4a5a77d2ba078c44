import {
  encodeVerifierKey,
  LedgerError,
  parseVerifierKey,
  type WitnessPolicy,
} from '@recourse/ledger';
import {
  entryLeafHash,
  entrySchema,
  fromBase64url,
  jcs,
  majorityOf,
  toBase64url,
  type Entry,
} from '@recourse/protocol';
import { promisedProof, readReceipt, verifyProof, verifyReceipt } from '@recourse/verify';
import { resolve } from 'node:path';
import { command } from '../../command.ts';
import { CliError } from '../../errors.ts';
import { logFlags, readVerifierKey, trustedLog } from '../../ledger/log-options.ts';
import { optional, repeated, text } from '../../options.ts';
import { createPrivateFile, readJsonInput, readText } from '../../profile/private-file.ts';
import { wellKnown } from '../../profile/registry-documents.ts';
import { logSource } from '../../ledger/mirror-folder.ts';

/** Index, path and JWS; no file is named so */
const isReceipt = /^\d+\.[\w-]*(\.[\w-]+){3}$/;

export const proveCommand = command(
  {
    name: 'prove',
    about: 'get, check and keep the proof that the call of a receipt is in the ledger',
    args: {
      receipt: text('receipt', 'the Recourse-Receipt header of an answer, or a file that holds it'),
    },
    flags: {
      ...logFlags,
      out: optional(text('file', 'where to write it; the leaf hash with .tlog-proof when absent')),
    },
  },
  async ({ receipt, out, ...flags }, { terminal, options, environment }) => {
    const log = await trustedLog({ ...options, ...flags }, environment);
    const given = readReceipt(isReceipt.test(receipt) ? receipt : readText(resolve(receipt)));
    if (!given) throw noReceipt;
    const promised = await verifyReceipt(given, { log, document: await wellKnown(log.url) });
    const { entry, leaf } = promised;
    const proof = await promisedProof(promised, logSource(log.url));
    const { policy } = log;
    const { index, checkpoint } = await verifyProof(proof, { leaf: fromBase64url(leaf), policy });
    const path = resolve(out ?? `${leaf}.tlog-proof`);
    const entryPath = `${path.replace(/\.tlog-proof$/, '')}.entry.json`;
    createPrivateFile(path, proof);
    createPrivateFile(entryPath, jcs(entry));
    const { origin, size } = checkpoint;
    terminal.result({ proof: path, entry: entryPath, leaf, index, size, origin }, () => [
      `Entry ${index} of ${size} in ${origin}; the proof is ${path}.`,
      `Check it anywhere: recourse ledger check ${path} --entry ${entryPath} --key …`,
    ]);
  },
);

const noReceipt = new CliError('input-invalid', {
  message: 'That is no receipt.',
  next: 'Give the Recourse-Receipt header of an answer, or a file that holds it.',
});

export const checkCommand = command(
  {
    name: 'check',
    about: 'check offline that a .tlog-proof shows an entry to be in a ledger',
    args: { file: text('file', 'a .tlog-proof, as prove writes it') },
    flags: {
      entry: text('file', 'the entry, JSON from a file, or - for stdin'),
      key: text('key', 'the ledger key to believe: host/ledger+id+base64'),
      witness: optional(
        repeated(
          text(
            'key',
            'a witness to believe; may be given several times, and more than half of them must have cosigned',
          ),
        ),
      ),
    },
  },
  async ({ file, entry: from, key, witness = [] }, { terminal }) => {
    const witnesses = witness.map(readWitness);
    const log = readVerifierKey(key);
    const policy = { log, witnesses, threshold: majorityOf(witnesses.length) };
    const proof = Buffer.from(readText(resolve(file)), 'utf8');
    const entry = entryOf(await readJsonInput(from));
    const leaf = entryLeafHash(entry);
    const { index, checkpoint } = await verifyProof(proof, { leaf, policy });
    const { origin, size } = checkpoint;
    const place = { index, size, leaf: toBase64url(leaf), root: toBase64url(checkpoint.root) };
    terminal.result(
      { verified: true, origin, key: encodeVerifierKey(log), ...place, entry },
      () =>
        `${terminal.styled('bold', 'verified')}  ${entry.type} is entry ${index} of ${size} in ${origin}`,
    );
  },
);

function readWitness(text: string): WitnessPolicy['log'] {
  try {
    const key = parseVerifierKey(text);
    if (key.type === 'cosignature') return key;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
  }
  throw new CliError('usage', {
    message: '--witness is no key of a witness.',
    next: 'Give its verifier key as published: name+id+base64.',
  });
}

/** In whatever layout: what is hashed is its canonical form. */
function entryOf(json: unknown): Entry {
  const { success, data } = entrySchema.safeParse(json);
  if (success) return data;
  throw new CliError('input-invalid', {
    message: 'That is no entry of a ledger.',
    next: 'Give the entry itself: of a receipt, the .entry.json that prove wrote; of an opening, its member entry.',
  });
}
