import { lives, retention, type RetentionRule } from '@recourse/registry';

const begin = '<!-- Written by scripts/retention-table.ts: begin -->';
const end = '<!-- end -->';

/** `docs/retention.md` with its inventory as the table of retention has it; what stands around it is left as it is. */
export function retentionPage(current: string): string {
  const before = current.slice(0, current.indexOf(begin) + begin.length);
  const after = current.slice(current.indexOf(end));
  return [before, '', ...inventory(), '', after].join('\n');
}

function inventory(): string[] {
  return [
    '| table | columns | why | form | kept |',
    '|---|---|---|---|---|',
    // What concerns a creator goes first, and stands first.
    ...Object.keys(lives).flatMap((life) =>
      retention.filter((row) => row.life === life).map((row) => `| ${cellsOf(row).join(' | ')} |`),
    ),
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
