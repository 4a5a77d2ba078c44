import { encodeVerifierKey } from '@recourse/ledger';
import { resolve } from 'node:path';
import { command, group } from '../../command.ts';
import { CliError } from '../../errors.ts';
import { optional, text } from '../../options.ts';
import { createWitnessKey, readWitnessKey } from '../../witness/witness-key.ts';
import { runCommand } from './run.ts';

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
    terminal.result({ keyFile: file, key: verifierKey }, () => terminal.line(verifierKey));
  },
);

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
    terminal.result(result, () => {
      terminal.line(`Registered ${key}; the registry asks it at ${url}.`);
      terminal.line(`From now on ${threshold} of ${witnesses.length} witnesses must cosign.`);
    });
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

/** What any member can run beside a registry, so that it cannot show two histories. */
export const witnessCommand = group({
  name: 'witness',
  about: 'cosign the ledger of a registry: that it only ever grew (docs/witness.md)',
  commands: [keygen, runCommand, register],
});
