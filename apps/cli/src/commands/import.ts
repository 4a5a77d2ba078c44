import { dateOrders } from '@recourse/protocol';
import { command } from '../command.ts';
import { importFile } from '../import/import-file.ts';
import { reportImport } from '../import/report.ts';
import { choice, count, optional, orElse, text, toggle } from '../options.ts';

const columnsHelp = `Columns, with a header line in CSV or as members in NDJSON; those in brackets may be left out:
  external_id reason action incident_from incident_to decided_at decided_by kind identifier control proven_at
  evidence_class evidence_file|evidence_text [evidence_count] account policy age origin attest notice
  [expires] [gravity] [evades] [ref] [notice_channel notice_language notice_sent_at]
Dates are 2026-03-01, 2026-03-01T12:00Z, or 01/03/2026 with slashes, dots or hyphens.
Adjacent rows of one external_id are identifiers of one sanction. Run the same command again to go on, or to add the
notice columns later: nothing is recorded twice.`;

export const importCommand = command(
  {
    name: 'import',
    about: 'record the sanctions of a file, resumably; see the README for its columns',
    args: { file: text('file', '.csv or .ndjson') },
    flags: {
      dryRun: toggle('judge every row and send nothing'),
      caseCodes: optional(
        text('file', 'where case codes go (0600); needed unless it is a dry run'),
      ),
      confirmWith: optional(
        text('key', 'key file or profile of a second trust holder, who confirms drafts'),
      ),
      dateOrder: optional(
        choice(
          dateOrders,
          'of dates such as 01/03/2026, where no row of their column settles it',
          'order',
        ),
      ),
      // As many tokens as one evaluation has room for; and one write of the journal serves all that wait.
      concurrency: orElse(count('records at a time'), 64),
      journal: optional(text('file', 'what was done; FILE.journal when absent')),
      errors: optional(text('file', 'what was refused; FILE.errors.ndjson when absent')),
    },
    help: columnsHelp,
  },
  async (flags, context) => reportImport(context, await importFile(context, flags)),
);
