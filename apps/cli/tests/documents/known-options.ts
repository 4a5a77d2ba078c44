import type { Command } from 'commander';
import { readEnvironment } from '../../src/environment.ts';
import { createProgram } from '../../src/program.ts';

const program = createProgram(readEnvironment({}, process));

/** What a `recourse` command names and the command line does not have: a command, or options. */
export function unknownIn(command: string): string[] {
  const [line = ''] = command.split(/ [>|&;]/);
  const [start, ...words] = line.replace(/^npx /, '').split(/\s+/);
  if (start !== 'recourse') return [];
  let at: Command = program;
  const unknown: string[] = [];
  const known = new Set(optionsOf(program));
  for (const word of words) {
    const next = at.commands.find((each) => each.name() === word);
    if (next) {
      at = next;
      for (const option of optionsOf(next)) known.add(option);
    } else if (word.startsWith('--') && !known.has(word)) unknown.push(word);
  }
  const isCommand = at !== program && at.commands.length === 0;
  return isCommand || line.endsWith('…') ? unknown : [line, ...unknown];
}

const optionsOf = (command: Command): string[] =>
  command.options.flatMap(({ long }) => (long ? [long] : []));
