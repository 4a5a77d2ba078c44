import { readFileSync, writeFileSync } from 'node:fs';
import { lives, retention, type RetentionRule } from '@recourse/registry';

const page = new URL('../docs/retention.md', import.meta.url);
const begin = '<!-- Written by scripts/retention-table.ts: begin -->';
const end = '<!-- end -->';

/** `docs/retention.md` with its inventory as the table of retention has it; what stands around it is left as it is. */
export function retentionPage(current: string): string {
  const before = current.slice(0, current.indexOf(begin) + begin.length);
  const after = current.slice(current.indexOf(end));
  return [before, '', ...inventory(), '', after].join('\n');
}

export const readRetentionPage = (): string => readFileSync(page, 'utf8');

function inventory(): string[] {
  return [
    '| table | columns | why | form | kept |',
    '|---|---|---|---|---|',
    ...retention.map((kept) => `| ${cellsOf(kept).join(' | ')} |`),
    '',
    '| kept | until |',
    '|---|---|',
    ...Object.entries(lives).map(([life, until]) => `| ${life} | ${until} |`),
  ];
}

const cellsOf = ({ table, columns, why, form, life }: RetentionRule): string[] => [
  `\`${table}\``,
  columns.map((column) => `\`${column}\``).join(', '),
  why,
  form,
  life,
];

if (import.meta.main) writeFileSync(page, retentionPage(readRetentionPage()));
