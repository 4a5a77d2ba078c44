import { Command } from 'commander';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { importFile, type ImportFlags } from '../import/import-file.ts';
import { parseCount } from '../options.ts';
import { reportImport } from '../import/report.ts';

const columnsHelp = `
Columns, with a header line in CSV or as members in NDJSON; those in brackets may be left out:
  external_id reason action incident_from incident_to decided_at decided_by kind identifier control proven_at
  evidence_class evidence_file|evidence_text [evidence_count] account policy age origin attest notice
  [expires] [gravity] [evades] [ref] [notice_channel notice_language notice_sent_at]
Adjacent rows of one external_id are identifiers of one sanction. Run the same command again to go on, or to add the
notice columns later: nothing is recorded twice.`;

export const importCommand = (environment: Environment): Command =>
  new Command('import')
    .description('record the sanctions of a file, resumably; see the README for its columns')
    .argument('<file>', '.csv or .ndjson')
    .option('--dry-run', 'judge every row and send nothing')
    .option('--case-codes <file>', 'where case codes go (0600); needed unless it is a dry run')
    .option(
      '--confirm-with <key>',
      'key file or profile of a second trust holder, who confirms drafts',
    )
    .option('--concurrency <n>', 'records at a time', parseCount, 8)
    .option('--journal <file>', 'what was done; FILE.journal when absent')
    .option('--errors <file>', 'what was refused; FILE.errors.ndjson when absent')
    .addHelpText('after', columnsHelp)
    .action(async (file: string, _: object, command: Command) => {
      const context = contextOf(command, environment);
      const outcome = await importFile(context, { file, ...command.opts<ImportFlags>() });
      reportImport(context, outcome);
    });
