import {
  encodeVerifierKey,
  LedgerError,
  parseVerifierKey,
  type WitnessPolicy,
} from '@recourse/ledger';
import {
  entryLeafHash,
  entrySchema,
  majorityOf,
  toBase64url,
  type Entry,
} from '@recourse/protocol';
import { verifyProof } from '@recourse/verify';
import { Command } from 'commander';
import { resolve } from 'node:path';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { CliError } from '../../errors.ts';
import { readVerifierKey } from '../../ledger/log-options.ts';
import { collect } from '../../options.ts';
import { readText } from '../../profile/private-file.ts';
import { readJsonInput } from '../../read-json-input.ts';

interface CheckFlags {
  readonly entry: string;
  readonly key: string;
  readonly witness?: string[];
}

export const checkCommand = (environment: Environment): Command =>
  new Command('check')
    .description('check offline that a .tlog-proof shows an entry to be in a ledger')
    .argument('<file>', 'a .tlog-proof, as prove writes it')
    .requiredOption('--entry <file>', 'the entry, JSON from a file, or - for stdin')
    .requiredOption('--key <key>', 'the ledger key to believe: host/ledger+id+base64')
    .option(
      '--witness <key>',
      'a witness to believe; may be given several times, and more than half of them must have cosigned',
      collect,
    )
    .action(async (file: string, of: CheckFlags, command: Command) => {
      const { terminal } = contextOf(command, environment);
      const policy = policyOf(of);
      const proof = Buffer.from(readText(resolve(file)), 'utf8');
      const entry = entryOf(await readJsonInput(of.entry));
      const leaf = entryLeafHash(entry);
      const { index, checkpoint } = await verifyProof(proof, { leaf, policy });
      const { origin, size } = checkpoint;
      const place = { index, size, leaf: toBase64url(leaf), root: toBase64url(checkpoint.root) };
      terminal.result(
        { verified: true, origin, key: encodeVerifierKey(policy.log), ...place, entry },
        () =>
          terminal.line(
            `${terminal.styled('bold', 'verified')}  ${entry.type} is entry ${index} of ${size} in ${origin}`,
          ),
      );
    });

function policyOf({ key, witness = [] }: CheckFlags): WitnessPolicy {
  const witnesses = witness.map(readWitness);
  return { log: readVerifierKey(key), witnesses, threshold: majorityOf(witnesses.length) };
}

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
