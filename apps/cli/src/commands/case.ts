import {
  readCaseReceipt,
  verifyCase,
  withProofs,
  type CaseReceipt,
  type VerifiedCase,
} from '@recourse/verify';
import { resolve } from 'node:path';
import { command, group } from '../command.ts';
import { CliError } from '../errors.ts';
import { logFlags, trustedLog } from '../ledger/log-options.ts';
import { optional, text } from '../options.ts';
import { createPrivateFile, readText } from '../profile/private-file.ts';
import { rowsOf, type Terminal } from '../terminal.ts';
import { logSource } from '../ledger/mirror-folder.ts';

const verify = command(
  {
    name: 'verify',
    about:
      'that every entry the receipt opens is in the ledger, and that the life of your case, its recalls and their answers are what it tells',
    args: {
      file: text('file', 'a receipt, as the page of the case gives it, or with its proofs'),
    },
    flags: {
      ...logFlags,
      out: optional(
        text('file', 'keep receipt and proofs: a file that is verified without the registry'),
      ),
    },
  },
  async ({ file, out, ...flags }, { terminal, options, environment }) => {
    const text = readText(resolve(file));
    const receipt = readCaseReceipt(text);
    if (!receipt) throw noReceipt;
    const chosen = { ...options, ...flags };
    // With a key that is believed, the receipt may say itself where its registry is.
    const isNamed = chosen.registry ?? chosen.sandbox ?? chosen.profile;
    const { registry } = receipt;
    const named =
      chosen.key === undefined || isNamed !== undefined ? chosen : { ...chosen, registry };
    const log = await trustedLog(named, environment);
    if (log.origin !== registry) throw otherRegistry;
    const source = logSource(log.url);
    const verified = await verifyCase(receipt, {
      policy: log.policy,
      fetchProof: (leaf) => source.proof(leaf),
    });
    if (out !== undefined) createPrivateFile(resolve(out), withProofs(text, verified.proofs));
    report(terminal, receipt, verified);
  },
);

function report(terminal: Terminal, receipt: CaseReceipt, verified: VerifiedCase): void {
  const { state, recalls, recallsNotShown, size } = verified;
  const entries = verified.entries.map(({ index, opening }) => {
    const { entry, party, detail } = opening;
    return { index, at: entry.at, type: entry.type, party, detail };
  });
  const { registry, sanction, toldOthers } = receipt;
  const disclosures = { recallsNotShown, toldOthers };
  const result = {
    verified: true,
    registry,
    sanction,
    state,
    size,
    entries,
    recalls,
    ...disclosures,
  };
  terminal.result(result, () => [
    `${terminal.styled('bold', 'verified')}  ${sanction}: ${entries.length} entries in a ledger of ${size}, by them ${state}`,
    rowsOf(entries, { entry: 'index', at: 'at', what: 'type', platform: 'party' }),
    (recallsNotShown > 0 || toldOthers !== 'none') &&
      `\nNot shown: ${recallsNotShown} recalls, and the entries of platforms that asked about what you did not prove (${toldOthers}). The rest is checked.`,
    recalls.length > 0 && [
      '\nRecalls',
      rowsOf(recalls, {
        platform: 'party',
        'what it owes': 'kind',
        since: 'issuedAt',
        answered: ({ acknowledgedAt, superseded }) =>
          acknowledgedAt ?? (superseded ? 'superseded' : 'open'),
        'what it did': 'action',
      }),
    ],
  ]);
}

const noReceipt = new CliError('input-invalid', {
  message: 'That is no receipt of a case with its ledger entries.',
  next: 'Give the file from the page of the case. Only the holder of a case gets its entries: claim it first.',
});

const otherRegistry = new CliError('usage', {
  message: 'The receipt is of another registry than the key.',
  next: 'Give --key of the registry that the receipt names, from somebody you trust.',
});

export const caseCommand = group({
  name: 'case',
  about: 'check the receipt of a case against the public ledger, for whoever a record is about',
  commands: [verify],
});
