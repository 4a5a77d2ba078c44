import { Writable } from 'node:stream';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { ExitSignal, exitCodes } from './exit-code.ts';
import { CliError } from './errors.ts';

export interface Question {
  /** What is asked for, e.g. `Case code` */
  readonly what: string;
  /** Not shown while it is typed */
  readonly hidden: boolean;
  /** How else to give it, for whoever gave nothing */
  readonly otherwise: string;
}

/** What a person is asked for on a terminal, or what stands line by line on stdin. */
export class Answers {
  readonly #isTerminal: boolean;
  #lines: string[] | undefined;

  constructor(isTerminal: boolean) {
    this.#isTerminal = isTerminal;
  }

  /** @throws CliError `input-invalid` when nothing comes */
  async ask(question: Question): Promise<string> {
    const answer = this.#isTerminal ? await asked(question) : await this.#nextLine();
    if (answer.trim() !== '') return answer.trim();
    throw new CliError('input-invalid', {
      message: `${question.what} is missing.`,
      next: question.otherwise,
    });
  }

  /** All that stands on stdin after what was asked for: words over several lines. */
  async rest(question: Question): Promise<string> {
    if (this.#isTerminal) return this.ask(question);
    this.#lines = [(await this.#all()).splice(0).join('\n')];
    return this.ask(question);
  }

  async #nextLine(): Promise<string> {
    return (await this.#all()).shift() ?? '';
  }

  async #all(): Promise<string[]> {
    return (this.#lines ??= (await text(process.stdin)).split('\n'));
  }
}

function asked({ what, hidden }: Question): Promise<string> {
  let muted = false;
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!muted) process.stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => {
      reject(new ExitSignal(exitCodes.interrupted));
      lines.close();
    });
    lines.once('close', () => resolve(''));
    lines.question(`${what}${hidden ? ' (not shown)' : ''}: `, (answer) => {
      resolve(answer);
      lines.close();
      if (hidden) process.stderr.write('\n');
    });
    muted = hidden;
  });
}
