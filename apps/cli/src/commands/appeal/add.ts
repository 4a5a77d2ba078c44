import { maxCaseFileBytes, toBase64url, type CaseInput } from '@recourse/protocol';
import { readFileSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { readWords } from '../../case/read-words.ts';
import { CliError } from '../../errors.ts';
import { optional, text } from '../../options.ts';
import { unreadable } from '../../profile/private-file.ts';
import { id } from '../ids.ts';
import { keyedCommand } from './creator.ts';

export const addCommand = keyedCommand(
  {
    name: 'add',
    about: 'add to your open appeal, or answer a question of the reviewer',
    flags: {
      wordsFile: optional(
        text('file', 'your words, up to 4,000 characters; asked for when absent'),
      ),
      question: optional(id('qst', 'the question that this answers, as show lists it')),
    },
  },
  async ({ wordsFile, question }, { terminal, answers, client, key: read }) => {
    const key = await read();
    const from = { what: 'Your words', file: wordsFile, option: '--words-file' };
    const said = await readWords(answers, from);
    const to = question === undefined ? {} : { question };
    const result = await client.addInformation({ key, text: said, ...to });
    terminal.result(result, () => terminal.line(`Added at ${result.at}; the reviewer reads it.`));
  },
);

type MediaType = CaseInput<'case.addFile'>['mediaType'];

const mediaTypes: Readonly<Record<string, MediaType>> = {
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.txt': 'text/plain',
};

export const fileCommand = keyedCommand(
  {
    name: 'file',
    about: 'add a file to your open appeal: PDF, PNG, JPEG, WebP or text, 2 MiB at most',
    args: { file: text('file', '') },
  },
  async ({ file }, { terminal, client, key }) => {
    const path = resolve(file);
    const added = { name: basename(path), mediaType: typeOf(path), bytes: contentOf(path) };
    const result = await client.addFile({ key: await key(), ...added });
    terminal.result(result, () =>
      terminal.line(`Added ${added.name}, ${result.bytes} bytes, as file ${result.file}.`),
    );
  },
);

function typeOf(path: string): MediaType {
  const type = mediaTypes[extname(path).toLowerCase()];
  if (type) return type;
  throw unfit('The file is of a kind that reviewers cannot open safely.');
}

function contentOf(path: string): string {
  try {
    if (statSync(path).size > maxCaseFileBytes) throw unfit('The file is larger than 2 MiB.');
    return toBase64url(readFileSync(path));
  } catch (cause) {
    throw cause instanceof CliError ? cause : unreadable(path, cause);
  }
}

const unfit = (message: string): CliError =>
  new CliError('input-invalid', {
    message,
    next: 'Save it as PDF, PNG, JPEG, WebP or text of at most 2 MiB; at most eight of them.',
  });
