import type { Recourse } from '@recourse/sdk';
import { Command, CommanderError } from 'commander';
import { afterEach, expect, it, vi } from 'vitest';
import type { Create } from './command.ts';
import { contextOf } from './context.ts';
import { readEnvironment } from './environment.ts';
import { CliError } from './errors.ts';
import { opCommand } from './op-command.ts';
import { choice, optional, repeated, text, time, toggle } from './options.ts';
import { rowsOf } from './terminal.ts';

const party = 'plt_01hzy3v7q8e9k4m5n6p7r8s9t0';
const calls: unknown[][] = [];
const pages = [
  { recalls: [{ recall: 'r1' }, { recall: 'r2' }], next: 'b' },
  { recalls: [{ recall: 'r3' }, { recall: 'r4' }], next: 'c' },
];
/** Says what it was called with. */
const connection = {
  parties: { object: async (...call: unknown[]) => (calls.push(call), { party }) },
  recalls: { list: async (...call: unknown[]) => pages[calls.push(call) - 1] },
};

let written = '';
vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => ((written += String(chunk)), true));
afterEach(() => {
  calls.length = 0;
  written = '';
});

/** Runs a command; gives its stdout, or its stderr where it refuses its arguments. */
async function run(create: Create, ...args: string[]): Promise<string> {
  const open: typeof contextOf = (command, environment) => ({
    ...contextOf(command, environment),
    connect: async () => connection as unknown as Recourse,
  });
  let refused = '';
  const program = new Command('recourse').option('--json');
  const made = create(readEnvironment({}, { stdout: {}, stderr: {} }), open);
  made.exitOverride().configureOutput({ writeErr: (text) => (refused += text) });
  program.addCommand(made);
  try {
    await program.parseAsync([made.name(), ...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return refused;
    throw error;
  }
  return written;
}

const grounds = ['registration-untrue', 'owner-undisclosed'] as const;
const object = opCommand({
  op: 'parties.object',
  about: 'object to a registration',
  args: { party: text('id', '') },
  flags: {
    ground: choice(grounds, 'what is wrong'),
    since: optional(time('')),
  },
  as: ({ ground }) => (ground === 'owner-undisclosed' ? 'trust' : undefined),
  input: ({ party: named, ground }) => ({ party: named as `plt_${string}`, ground }),
  print: (result, { ground }) => `Objected to ${result.party}: ${ground}.`,
});

it('makes the input of arguments and flags, signs as the role, and prints the answer', async () => {
  const printed = await run(object, party, '--ground', 'owner-undisclosed');
  expect(printed).toBe(`Objected to ${party}: owner-undisclosed.\n`);
  expect(calls).toEqual([[{ party, ground: 'owner-undisclosed' }, { as: 'trust' }]]);
});

it('prints the answer itself with --json', async () => {
  const printed = await run(object, party, '--ground', 'registration-untrue', '--json');
  expect(JSON.parse(printed)).toEqual({ party });
  expect(calls).toEqual([[{ party, ground: 'registration-untrue' }, { as: undefined }]]);
});

it.each([
  ['a word that it does not take', ['--ground', 'curiosity']],
  ['none at all', []],
])('refuses %s by those that it takes, before anything is sent', async (_, flags) => {
  const refused = await run(object, party, ...flags);
  expect(refused).toContain('--ground <ground>');
  expect(refused).toContain('Allowed choices are registration-untrue, owner-undisclosed.');
  expect(calls).toEqual([]);
});

it('lets the parser of a value say what it takes', async () => {
  const refused = await run(object, party, '--ground', grounds[0], '--since', 'soon');
  expect(refused).toContain('It takes a time such as 2026-03-01T12:00:00Z.');
});

const list = opCommand({
  op: 'recalls.list',
  about: 'recalls',
  flags: { all: toggle('all of them') },
  pages: 'recalls',
  print: ({ recalls }) => recalls.map(({ recall }) => recall).join(' '),
});

it('reads a list page by page, up to the limit', async () => {
  expect(await run(list, '--all', '--limit', '3')).toBe('r1 r2 r3\n');
  expect(calls.map(([input]) => input)).toEqual([
    { all: true, limit: 3 },
    { all: true, limit: 3, cursor: 'b' },
  ]);
});

it('leaves out what was not given', async () => {
  const { recalls } = pages[0]!;
  expect(JSON.parse(await run(list, '--limit', '2', '--json'))).toEqual({ recalls });
  expect(calls).toEqual([[{ limit: 2 }, { as: undefined }]]);
});

it('collects what may be given several times', async () => {
  const given: unknown[] = [];
  const many = opCommand({
    op: 'parties.object',
    about: 'object to several',
    args: { parties: repeated(text('id', '')) },
    flags: { ground: repeated(choice(grounds, 'what is wrong')) },
    input: ({ parties, ground }) => {
      given.push(parties, ground);
      return { party: parties[0] as `plt_${string}`, ground: ground[0]! };
    },
    print: () => '',
  });
  await run(many, 'a', 'b', '--ground', grounds[0], '--ground', grounds[1]);
  expect(given).toEqual([['a', 'b'], grounds]);
});

const refusal = new CliError('usage', { message: 'Nobody is no party.', next: 'Name one.' });
const refusing = opCommand({
  op: 'parties.object',
  about: 'object',
  args: { party: text('id', '') },
  refuse: (given) => given.party === 'nobody' && refusal,
  input: () => ({ party, ground: grounds[0] }),
  print: (_, sent) => ['', false, sent.ground],
});

it('says what does not go together before anything is sent', async () => {
  await expect(run(refusing, 'nobody')).rejects.toBe(refusal);
  expect(calls).toEqual([]);
  expect(await run(refusing, 'a')).toBe(`\n${grounds[0]}\n`);
});

it('does not compile where the parts do not fit', () => {
  const about = '';
  const print = (): undefined => undefined;
  const ground = choice(grounds, 'what is wrong');
  const made = [
    // @ts-expect-error -- no such operation
    opCommand({ op: 'parties.objects', about, print }),
    // @ts-expect-error -- the input has a `party`, too
    opCommand({ op: 'parties.object', about, flags: { ground }, print }),
    // @ts-expect-error -- the input has no `all`
    opCommand({ op: 'parties.keepKeys', about, flags: { all: toggle('') }, print }),
    // @ts-expect-error -- the grounds are others
    opCommand({ op: 'matches.ask', about, input: () => ({ match: '', asks: 'why' }), print }),
    // @ts-expect-error -- it is no list
    opCommand({ op: 'parties.keepKeys', about, pages: 'state', print }),
    // @ts-expect-error -- the answer has no `sanction`
    opCommand({ op: 'parties.keepKeys', about, print: ({ sanction }) => String(sanction) }),
    // @ts-expect-error -- a recall has no `party`
    opCommand({ op: 'recalls.list', about, print: ({ recalls }) => rowsOf(recalls, 'party') }),
  ];
  expect(made).toHaveLength(7);
});
