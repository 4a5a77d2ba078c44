/** A file that a spreadsheet reads. A cell that begins like a formula would be run by it, so it is made text. */
export const csvFile = (lines: readonly (readonly string[])[]): Blob =>
  new Blob([`\uFEFF${lines.map((line) => line.map(quoted).join(',')).join('\n')}\n`], {
    type: 'text/csv',
  });

const quoted = (cell: string): string =>
  `"${(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`;
