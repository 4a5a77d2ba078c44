import { fromBase64url, jcs } from '@recourse/protocol';
import { Command } from 'commander';
import { setTimeout as delay } from 'node:timers/promises';
import { resolve } from 'node:path';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { checkProof } from '../../ledger/check-proof.ts';
import { LedgerRefusal } from '../../ledger/ledger-refusal.ts';
import { LogSource } from '../../ledger/log-source.ts';
import { promisedEntry, type PromisedEntry } from '../../ledger/receipt-entry.ts';
import { trustedLog, type LogOptions } from '../../ledger/trusted-log.ts';
import { withLogFlags } from './log-flags.ts';
import { createPrivateFile, readText } from '../../profile/private-file.ts';

const askEveryMs = 1_000;
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
      const header = isReceipt.test(receipt) ? receipt : readText(resolve(receipt));
      const promised = await promisedEntry(header, log);
      const { entry, leaf } = promised;
      const proof = await waitFor(promised, new LogSource(log.url));
      const { index, checkpoint } = await checkProof(proof, {
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

/** A receipt promises its entry within `mmd` seconds; they count from now, by this clock. */
async function waitFor({ leaf, mmd }: PromisedEntry, source: LogSource): Promise<Uint8Array> {
  const until = performance.now() + (mmd ?? 0) * 1000;
  for (;;) {
    const proof = await source.proof(leaf);
    if (proof !== undefined) return proof;
    if (performance.now() >= until) {
      throw new LedgerRefusal(
        mmd === undefined ? 'not-promised' : 'merge-delay-exceeded',
        'receipt',
      );
    }
    await delay(askEveryMs);
  }
}
