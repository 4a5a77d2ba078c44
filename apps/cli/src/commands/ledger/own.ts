import { Command } from 'commander';
import { resolve } from 'node:path';
import { OwnLedgerError, type OwnReport, type Recourse } from '@recourse/sdk';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { createPrivateFile } from '../../profile/private-file.ts';

export const ownCommand = (environment: Environment): Command =>
  new Command('own')
    .description(
      'verify what the ledger says of your party: disclosures, recalls, and that you signed each acknowledgement',
    )
    .option('--evidence <file>', 'where to write what shows it, if something does not hold')
    .action(async ({ evidence }: { evidence?: string }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const report = await verified(await connect(), evidence);
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
      });
    });

async function verified(recourse: Recourse, evidence: string | undefined): Promise<OwnReport> {
  try {
    return await recourse.ledger.verifyOwn();
  } catch (error) {
    if (error instanceof OwnLedgerError && evidence !== undefined) {
      createPrivateFile(resolve(evidence), JSON.stringify(error.findings, undefined, 2));
    }
    throw error;
  }
}
