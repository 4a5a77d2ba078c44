import { maxCaseFileBytes, toBase64url, type CaseInput } from '@recourse/protocol';
import type { Command } from 'commander';
import { readFileSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { readWords } from '../../case/read-words.ts';
import type { Environment } from '../../environment.ts';
import { CliError } from '../../errors.ts';
import { unreadable } from '../../profile/private-file.ts';
import { questionId } from '../ids.ts';
import { creatorOf, keyedCommand, keyOf, type KeyFlags } from './creator.ts';

interface AddFlags extends KeyFlags {
  readonly wordsFile?: string;
  readonly question?: string;
}

export const addCommand = (environment: Environment): Command =>
  keyedCommand('add', 'add to your open appeal, or answer a question of the reviewer')
    .option('--words-file <file>', 'your words, up to 4,000 characters; asked for when absent')
    .option('--question <id>', 'the question that this answers, as show lists it')
    .action(async (flags: AddFlags, command: Command) => {
      const creator = await creatorOf(command, environment);
      const question = flags.question === undefined ? {} : { question: questionId(flags.question) };
      const key = await keyOf(creator, flags);
      const from = { what: 'Your words', file: flags.wordsFile, option: '--words-file' };
      const text = await readWords(creator.answers, from);
      const result = await creator.client.addInformation({ key, text, ...question });
      creator.terminal.result(result, () =>
        creator.terminal.line(`Added at ${result.at}; the reviewer reads it.`),
      );
    });

type MediaType = CaseInput<'case.addFile'>['mediaType'];

const mediaTypes: Readonly<Record<string, MediaType>> = {
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.txt': 'text/plain',
};

export const fileCommand = (environment: Environment): Command =>
  keyedCommand(
    'file',
    'add a file to your open appeal: PDF, PNG, JPEG, WebP or text, 2 MiB at most',
  )
    .argument('<file>')
    .action(async (file: string, flags: KeyFlags, command: Command) => {
      const creator = await creatorOf(command, environment);
      const path = resolve(file);
      const added = { name: basename(path), mediaType: typeOf(path), bytes: contentOf(path) };
      const key = await keyOf(creator, flags);
      const result = await creator.client.addFile({ key, ...added });
      creator.terminal.result(result, () =>
        creator.terminal.line(
          `Added ${basename(path)}, ${result.bytes} bytes, as file ${result.file}.`,
        ),
      );
    });

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
