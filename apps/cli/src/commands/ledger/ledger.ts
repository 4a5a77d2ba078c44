import { encodeVerifierKey } from '@recourse/ledger';
import { toBase64url, type Entry } from '@recourse/protocol';
import { OwnLedgerError, type OwnReport, type Recourse } from '@recourse/sdk';
import { allEntries, verifyLedger } from '@recourse/verify';
import { resolve } from 'node:path';
import { command, group } from '../../command.ts';
import { ExitSignal, exitCodes } from '../../exit-code.ts';
import { stateFileOf, stateFlags, trustedLog } from '../../ledger/log-options.ts';
import { StateFile } from '../../ledger/state-file.ts';
import { optional, text, toggle } from '../../options.ts';
import { createPrivateFile } from '../../profile/private-file.ts';
import { entryProgress, progressLine, watched } from '../../progress.ts';
import { facts, table } from '../../terminal.ts';
import { mirrorCommand } from './mirror.ts';
import { checkCommand, proveCommand } from './prove.ts';
import { watchCommand } from './watch.ts';
import { logSource } from '../../ledger/mirror-folder.ts';

const verify = command(
  {
    name: 'verify',
    about:
      'derive the whole ledger anew: signature, history, entries, tiles, root, key chains, recalls',
    flags: { ...stateFlags, anew: toggle('read all of it again, also what was read before') },
    help: 'Ctrl-C stops it; the same command goes on from there. What it finds has a code each: see docs/ledger.md.',
  },
  async ({ state, anew, ...flags }, context) => {
    const { terminal, options, environment } = context;
    const log = await trustedLog({ ...options, ...flags }, environment);
    const key = encodeVerifierKey(log.policy.log);
    const path = resolve(state ?? stateFileOf(log));
    const file = new StateFile(path, key);
    const { progress, ...notes } = file.read();
    const verified = await watched(context, ({ line, signal }) =>
      verifyLedger({
        log,
        source: logSource(log.url, signal),
        state: anew || !progress ? notes : { ...notes, progress },
        save: (state) => file.write(state),
        onProgress: entryProgress(line),
        signal,
      }),
    );
    const { finished, entries, checkpoint, note, summary } = verified;
    const { origin, size } = checkpoint;
    const root = toBase64url(checkpoint.root);
    const document = { verified: finished, origin, key, size, root, entries, checkpoint: note };
    terminal.result({ ...document, state: path, ...summary }, () =>
      finished
        ? [
            `${terminal.styled('bold', 'verified')}  ${origin}, ${size} entries, root ${root}`,
            facts({
              parties: summary.parties,
              keys: summary.keys,
              ...Object.fromEntries(
                Object.entries(summary.recalls).map(([name, n]) => [`recalls ${name}`, n]),
              ),
            }),
            `Kept in ${path}: the next run starts there, and notices a ledger that is rolled back.`,
          ]
        : `Stopped at ${entries} of ${size} entries; the same command goes on from there.`,
    );
    if (!finished) throw new ExitSignal(exitCodes.interrupted);
  },
);

const own = command(
  {
    name: 'own',
    about:
      'verify what the ledger says of your party: disclosures, recalls, and that you signed each acknowledgement',
    flags: {
      evidence: optional(text('file', 'where to write what shows it, if something does not hold')),
    },
  },
  async ({ evidence }, context) => {
    const { terminal, options, environment, connect } = context;
    const log = await trustedLog(options, environment);
    const line = progressLine(environment);
    const onProgress = entryProgress(line);
    const entries = allEntries({ log, source: logSource(log.url), onProgress });
    const report = await verified(await connect(), { log: entries, evidence }).finally(() =>
      line.end(),
    );
    const { disclosures, recalls, acknowledgements, openings, unverifiable } = report;
    terminal.result({ verified: true, ...report }, () => [
      table(
        ['opened', 'entries'],
        Object.entries({ disclosures, recalls, acknowledgements, 'in all': openings }),
      ),
      unverifiable.length > 0 &&
        `Erased with their cases, and not verifiable any more: ${unverifiable.join(', ')}.`,
      'Each is in the ledger, and each acknowledgement is a call that you signed.',
      'Nothing else in the ledger is about what you were told.',
    ]);
  },
);

async function verified(
  { ledger }: Recourse,
  { log, evidence }: { log: AsyncIterable<Entry>; evidence: string | undefined },
): Promise<OwnReport> {
  try {
    return await ledger.verifyOwn({ log });
  } catch (error) {
    if (error instanceof OwnLedgerError && evidence !== undefined) {
      createPrivateFile(resolve(evidence), JSON.stringify(error.findings, undefined, 2));
    }
    throw error;
  }
}

/** The public log, read as anybody can: no signing key is needed, but for what it says of oneself. */
export const ledgerCommand = group({
  name: 'ledger',
  about: 'verify the public ledger of a registry, and prove what is in it',
  commands: [verify, watchCommand, mirrorCommand, own, proveCommand, checkCommand],
});
