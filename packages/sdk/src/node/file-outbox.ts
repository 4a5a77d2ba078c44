import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isId } from '@recourse/protocol';
import type { Outbox, SubmissionIntent } from '../sanctions/outbox.ts';
import { writePrivate } from './write-private.ts';

export interface FileOutbox extends Outbox {
  /**
   * Submissions that were saved and not answered.
   * @example
   * for (const intent of await outbox.waiting()) await sanctions.resume(intent);
   */
  waiting(): Promise<SubmissionIntent[]>;
}

/** An outbox as a directory with one file per submission, readable by its owner only. */
export function fileOutbox(directory: string): FileOutbox {
  const fileOf = (sanction: string): string => {
    if (!isId('snc', sanction)) throw new TypeError('not the id of a sanction');
    return join(directory, `${sanction}.json`);
  };
  return {
    save: async (intent) => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writePrivate(fileOf(intent.sanction), JSON.stringify(intent));
    },
    done: (sanction) => rm(fileOf(sanction), { force: true }),
    waiting: async () => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const names = (await readdir(directory)).filter((name) => name.endsWith('.json')).sort();
      return Promise.all(names.map((name) => read(join(directory, name))));
    },
  };
}

/** The file is the process's own: what it wrote is what it reads. */
async function read(path: string): Promise<SubmissionIntent> {
  const intent: SubmissionIntent = JSON.parse(await readFile(path, 'utf8'));
  return intent;
}
