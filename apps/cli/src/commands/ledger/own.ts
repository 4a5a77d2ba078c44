import { Command } from 'commander';
import { resolve } from 'node:path';
import type { Entry } from '@recourse/protocol';
import { OwnLedgerError, type OwnReport, type Recourse } from '@recourse/sdk';
import { allEntries, LogSource } from '@recourse/verify';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { progressLine } from '../../ledger/progress-line.ts';
import { trustedLog, type LogOptions } from '../../ledger/log-options.ts';
import { createPrivateFile } from '../../profile/private-file.ts';

export const ownCommand = (environment: Environment): Command =>
  new Command('own')
    .description(
      'verify what the ledger says of your party: disclosures, recalls, and that you signed each acknowledgement',
    )
    .option('--evidence <file>', 'where to write what shows it, if something does not hold')
    .action(async ({ evidence }: { evidence?: string }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const log = await trustedLog(command.optsWithGlobals<LogOptions>(), environment);
      const line = progressLine(environment);
      const onProgress = (done: { entries: number; of: number }): void => line.show(done);
      const entries = allEntries({ log, source: new LogSource(log.url), onProgress });
      const report = await verified(await connect(), { log: entries, evidence }).finally(() =>
        line.end(),
      );
      terminal.result({ verified: true, ...report }, () => {
        terminal.table(
          ['opened', 'entries'],
          [
            ['disclosures', report.disclosures],
            ['recalls', report.recalls],
            ['acknowledgements', report.acknowledgements],
            ['in all', report.openings],
          ],
        );
        if (report.unverifiable.length > 0) {
          terminal.line(
            `Erased with their cases, and not verifiable any more: ${report.unverifiable.join(', ')}.`,
          );
        }
        terminal.line('Each is in the ledger, and each acknowledgement is a call that you signed.');
        terminal.line('Nothing else in the ledger is about what you were told.');
      });
    });

async function verified(
  recourse: Recourse,
  { log, evidence }: { log: AsyncIterable<Entry>; evidence: string | undefined },
): Promise<OwnReport> {
  try {
    return await recourse.ledger.verifyOwn({ log });
  } catch (error) {
    if (error instanceof OwnLedgerError && evidence !== undefined) {
      createPrivateFile(resolve(evidence), JSON.stringify(error.findings, undefined, 2));
    }
    throw error;
  }
}
