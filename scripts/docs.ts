import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { alarmsPage } from './alarm-table.ts';
import { ledgerClient, ledgerPage } from './entry-lists.ts';
import { operationsPage } from './op-table.ts';
import { retentionPage } from './retention-table.ts';
import { rolesPage } from './role-table.ts';
import { taxonomyDocument } from './taxonomy-document.ts';

/** Every page that tables of the code say, in whole or in part, from the page as it is. `npm run docs` writes them. */
export const generatedPages: Readonly<Record<string, (current: string) => string>> = {
  'docs/alarms.md': alarmsPage,
  'docs/examples/verify_ledger.py': ledgerClient,
  'docs/ledger.md': ledgerPage,
  'docs/operations.md': operationsPage,
  'docs/retention.md': retentionPage,
  'docs/roles.md': rolesPage,
  'docs/taxonomy.md': taxonomyDocument,
};

export const pathOf = (page: string): string =>
  fileURLToPath(new URL(`../${page}`, import.meta.url));

if (import.meta.main) {
  for (const [page, made] of Object.entries(generatedPages)) {
    const path = pathOf(page);
    writeFileSync(path, made(readFileSync(path, 'utf8')));
  }
}
