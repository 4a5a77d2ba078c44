import { fromBase64url, jcs } from '@recourse/protocol';
import {
  LogSource,
  promisedProof,
  readReceipt,
  verifyProof,
  verifyReceipt,
} from '@recourse/verify';
import { Command } from 'commander';
import { resolve } from 'node:path';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { CliError } from '../../errors.ts';
import { trustedLog, wellKnown, type LogOptions } from '../../ledger/log-options.ts';
import { withLogFlags } from './log-flags.ts';
import { createPrivateFile, readText } from '../../profile/private-file.ts';

/** Index, path and JWS; no file is named so */
const isReceipt = /^\d+\.[\w-]*(\.[\w-]+){3}$/;

export const proveCommand = (environment: Environment): Command =>
  withLogFlags(
    new Command('prove').description(
      'get, check and keep the proof that the call of a receipt is in the ledger',
    ),
  )
    .argument('<receipt>', 'the Recourse-Receipt header of an answer, or a file that holds it')
    .option('--out <file>', 'where to write it; the leaf hash with .tlog-proof when absent')
    .action(async (receipt: string, { out }: { out?: string }, command: Command) => {
      const { terminal } = contextOf(command, environment);
      const log = await trustedLog(command.optsWithGlobals<LogOptions>(), environment);
      const given = readReceipt(isReceipt.test(receipt) ? receipt : readText(resolve(receipt)));
      if (!given) throw noReceipt;
      const promised = await verifyReceipt(given, { log, document: await wellKnown(log.url) });
      const { entry, leaf } = promised;
      const proof = await promisedProof(promised, new LogSource(log.url));
      const { index, checkpoint } = await verifyProof(proof, {
        leaf: fromBase64url(leaf),
        policy: log.policy,
      });
      const path = resolve(out ?? `${leaf}.tlog-proof`);
      const entryPath = `${path.replace(/\.tlog-proof$/, '')}.entry.json`;
      createPrivateFile(path, Buffer.from(proof).toString('utf8'));
      createPrivateFile(entryPath, jcs(entry));
      const { origin, size } = checkpoint;
      terminal.result({ proof: path, entry: entryPath, leaf, index, size, origin }, () => {
        terminal.line(`Entry ${index} of ${size} in ${origin}; the proof is ${path}.`);
        terminal.line(
          `Check it anywhere: recourse ledger check ${path} --entry ${entryPath} --key …`,
        );
      });
    });

const noReceipt = new CliError('input-invalid', {
  message: 'That is no receipt.',
  next: 'Give the Recourse-Receipt header of an answer, or a file that holds it.',
});
