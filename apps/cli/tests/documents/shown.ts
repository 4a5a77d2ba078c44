const oneSpace = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .join('\n')
    .trim();

/**
 * Whether a program printed what a page shows. `…` stands for anything in a line, a line of its own for any lines. Widths of
 * columns do not count.
 */
export function isShown(printed: string, output: string): boolean {
  return patternOf(output, '^', '$').test(oneSpace(printed));
}

/** The same, somewhere in what a server goes on printing. */
export function isShownWithin(printed: string, output: string): boolean {
  return patternOf(output, '', '').test(oneSpace(printed));
}

function patternOf(output: string, begin: string, end: string): RegExp {
  const lines = oneSpace(output).split('\n');
  const source = lines.map((line, index) => {
    const last = index === lines.length - 1;
    if (line === '…') return last ? '[^]*' : '(?:[^\\n]*\\n)*?';
    const text = line.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '[^\\n]*?');
    return last ? text : `${text}\\n`;
  });
  return new RegExp(begin + source.join('') + end);
}
