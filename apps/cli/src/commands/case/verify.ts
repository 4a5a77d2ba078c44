import {
  type CaseReceipt,
  LogSource,
  readCaseReceipt,
  type VerifiedCase,
  verifyCase,
  withProofs,
} from '@recourse/verify';
import { Command } from 'commander';
import { resolve } from 'node:path';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { CliError } from '../../errors.ts';
import { trustedLog, type LogOptions } from '../../ledger/log-options.ts';
import { createPrivateFile, readText } from '../../profile/private-file.ts';
import type { Terminal } from '../../terminal.ts';
import { withLogFlags } from '../ledger/log-flags.ts';

export const verifyCaseCommand = (environment: Environment): Command =>
  withLogFlags(
    new Command('verify').description(
      'that every entry the receipt opens is in the ledger, and that the life of your case, its recalls and their answers are what it tells',
    ),
  )
    .argument('<file>', 'a receipt, as recourse appeal receipt wrote it, or with its proofs')
    .option('--out <file>', 'keep receipt and proofs: a file that is verified without the registry')
    .action(async (path: string, { out }: { out?: string }, command: Command) => {
      const { terminal } = contextOf(command, environment);
      const text = readText(resolve(path));
      const receipt = readCaseReceipt(text);
      if (!receipt) throw noReceipt;
      const log = await trustedLog(optionsFor(receipt, command), environment);
      if (log.origin !== receipt.registry) throw otherRegistry;
      const source = new LogSource(log.url);
      const verified = await verifyCase(receipt, {
        policy: log.policy,
        fetchProof: (leaf) => source.proof(leaf),
      });
      if (out !== undefined) createPrivateFile(resolve(out), withProofs(text, verified.proofs));
      report(terminal, receipt, verified);
    });

/** With a key that is believed, the receipt may say itself where its registry is. */
function optionsFor({ registry }: CaseReceipt, command: Command): LogOptions {
  const options = command.optsWithGlobals<LogOptions>();
  const isNamed = options.registry ?? options.sandbox ?? options.profile;
  return options.key === undefined || isNamed !== undefined ? options : { ...options, registry };
}

function report(terminal: Terminal, receipt: CaseReceipt, verified: VerifiedCase): void {
  const { state, recalls, recallsNotShown, size } = verified;
  const entries = verified.entries.map(({ index, opening }) => {
    const { entry, party, detail } = opening;
    return { index, at: entry.at, type: entry.type, party, detail };
  });
  const { registry, sanction, toldOthers } = receipt;
  const told = { recallsNotShown, toldOthers };
  const result = { verified: true, registry, sanction, state, size, entries, recalls, ...told };
  terminal.result(result, () => {
    terminal.line(
      `${terminal.styled('bold', 'verified')}  ${sanction}: ${entries.length} entries in a ledger of ${size}, by them ${state}`,
    );
    terminal.table(
      ['entry', 'at', 'what', 'platform'],
      entries.map(({ index, at, type, party }) => [index, at, type, party]),
    );
    if (recallsNotShown > 0 || toldOthers !== 'none') {
      terminal.line(
        `\nNot shown: ${recallsNotShown} recalls, and the entries of platforms that asked about what you did not prove (${toldOthers}). The rest is checked.`,
      );
    }
    if (recalls.length === 0) return;
    terminal.line('\nRecalls');
    terminal.table(
      ['platform', 'what it owes', 'since', 'answered', 'what it did'],
      recalls.map(({ party, kind, issuedAt, acknowledgedAt, action, superseded }) => [
        party,
        kind,
        issuedAt,
        acknowledgedAt ?? (superseded ? 'superseded' : 'open'),
        action,
      ]),
    );
  });
}

const noReceipt = new CliError('input-invalid', {
  message: 'That is no receipt of a case with its ledger entries.',
  next: 'Give the file of recourse appeal receipt, or of the page of the case. Only the holder of a case gets its entries: claim it first.',
});

const otherRegistry = new CliError('usage', {
  message: 'The receipt is of another registry than the key.',
  next: 'Give --key of the registry that the receipt names, from somebody you trust.',
});
