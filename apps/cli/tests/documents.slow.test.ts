import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { movedDays, workerPort } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { unknownIn } from './documents/known-options.ts';
import { readBlocks, savedFiles, type Block } from './documents/read-blocks.ts';
import { Shell } from './documents/shell.ts';
import { isShown, isShownWithin } from './documents/shown.ts';

// Each command is a process of its own.
vi.setConfig({ testTimeout: 300_000 });

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (page: string): string => readFileSync(`${root}/${page}`, 'utf8');

/** Pages in one sandbox, those that move its clock after those that compare it with their own. */
const first = [
  'README.md',
  'docs/agent.md',
  'docs/writing-a-client.md',
  'docs/joining.md',
  'docs/getting-started.md',
];
/** Pages with a registry of their own */
const alone = ['docs/operating.md'];
const pages = globSync(['README.md', 'docs/**/*.md'], { cwd: root }).sort();
const together = [...first, ...pages.filter((page) => ![...first, ...alone].includes(page))];

let ports: { server: number; agent: number; witness: number; other: number };
let sandbox: Shell;
let production: Shell;

beforeAll(async () => {
  const [server, agent] = [await workerPort(), await workerPort()];
  const [witness, other] = [await workerPort(), await workerPort()];
  ports = { server, agent, witness, other };
  sandbox = new Shell({
    RECOURSE_PORT: String(server),
    RECOURSE_AGENT_LISTEN: `127.0.0.1:${agent}`,
    // On a busy machine an answer takes longer than a signup waits.
    RECOURSE_AGENT_WITHIN_MS: '60000',
  });
  // Its lines as at a terminal; no balancer waits for its end.
  const atTerminal = { RECOURSE_LOG_FORMAT: 'text', RECOURSE_DRAIN_SECONDS: '0' };
  production = new Shell({ RECOURSE_PORT: String(other), ...atTerminal });
});
afterAll(() => Promise.all([sandbox.close(), production.close()]));

interface RunPlace {
  readonly shell: Shell;
  readonly port: number;
}

const exampleKey = 'registry.example/ledger+5a632b36+AYqI…';
async function logKey({ port }: RunPlace): Promise<string> {
  const answer = await fetch(`http://localhost:${port}/.well-known/recourse`);
  return ((await answer.json()) as { ledger: { key: string } }).ledger.key;
}

/** Where a page's hosts, ports and folders are here. */
async function here(text: string, at: RunPlace): Promise<string> {
  const { shell, port } = at;
  return text
    .replaceAll(exampleKey, text.includes(exampleKey) ? await logKey(at) : '')
    .replaceAll('https://registry.example', `http://localhost:${port}`)
    .replaceAll(/\b(localhost|127\.0\.0\.1):4800\b/g, `$1:${port}`)
    .replaceAll(/\b(localhost|127\.0\.0\.1):4810\b/g, `$1:${ports.agent}`)
    .replaceAll(/\b8470\b/g, String(ports.witness))
    .replaceAll(/(?<= |=|\()\/(?:var\/lib|etc)\/(?=recourse)/g, `${shell.folder}/`);
}

const python = /^python3 /;
/** Python keeps the time of the machine, also in a run that moves its clock. */
const isMoved = movedDays !== 0;
const isThere = async (shell: Shell, program: string): Promise<boolean> =>
  (await shell.run(`command -v ${program}`, () => true)).code === 0;

/** Runs the blocks of a page in their order, to the first that does not do what the page says. */
async function faultIn(page: string, at: RunPlace): Promise<string | undefined> {
  for (const { name, text } of savedFiles(read(page))) at.shell.save(name, text);
  for (const block of readBlocks(read(page), page)) {
    const fault = block.notRun === undefined ? await faultOf(block, at) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

async function faultOf(block: Block, at: RunPlace): Promise<string | undefined> {
  const expected = await here(block.output ?? '', at);
  let printed = '';
  let matches = isShown;
  for (const line of block.commands) {
    if (python.test(line) && (isMoved || !(await isThere(at.shell, 'python3')))) continue;
    const command = await here(signedAs(withIds(line), block.as), at);
    if (command.includes('…')) return `${block.at} leaves out more than an id: ${command}`;
    const ran = await at.shell.run(command, (text) => isShownWithin(text, expected));
    noteIds(ran.printed);
    printed += ran.printed;
    if (ran.code !== 0) return `${block.at} exits with ${ran.code}: ${command}\n${printed}`;
    if (ran.isServing) matches = isShownWithin;
  }
  const isSaid = expected === '' || matches(printed, expected);
  return isSaid ? undefined : `${block.at} says\n${expected}\nand is answered\n${printed}`;
}

/** An id such as `apl_…` in a command, and `HASH` behind an option, are the last that were printed. */
const lastIds = new Map<string, string>();
function noteIds(printed: string): void {
  for (const [id, kind = ''] of printed.matchAll(/\b([a-z]{3})_[0-9a-z]{26}\b/g))
    lastIds.set(kind, id);
  for (const [, option = '', given = ''] of printed.matchAll(/(--[a-z-]+) (\S+)/g))
    lastIds.set(option, given);
}

const withIds = (command: string): string =>
  command
    .replaceAll(/\b([a-z]{3})_…/g, (left, kind: string) => lastIds.get(kind) ?? left)
    .replaceAll(
      /(--[a-z-]+) (?:HASH|KEY|TIME)\b/g,
      (left, option: string) => `${option} ${lastIds.get(option) ?? left}`,
    );

const signedAs = (command: string, as: string | undefined): string =>
  as === undefined
    ? command
    : command.replace(/^(?:npx )?recourse /, `recourse --sandbox .recourse --as ${as} `);

describe.runIf(process.platform !== 'win32')('what a page tells a reader to run', () => {
  test.each(together)('%s', async (page) => {
    expect(await faultIn(page, { shell: sandbox, port: ports.server })).toBeUndefined();
  });
  test.each(alone)('%s', async (page) => {
    expect(await faultIn(page, { shell: production, port: ports.other })).toBeUndefined();
  });
});

test('what is not run names commands and options that exist', () => {
  const unknown = pages.flatMap((page) =>
    readBlocks(read(page), page)
      .filter(({ notRun }) => notRun !== undefined)
      .flatMap(({ at, commands }) => commands.flatMap(unknownIn).map((name) => `${at}: ${name}`)),
  );
  expect(unknown).toEqual([]);
});

test('a page that shows something else is found out', () => {
  const page = [
    'Prose.',
    '',
    '    npx recourse check \\',
    '      --email x',
    '',
    '    review  …',
    '',
    '    …',
    '    the end',
    '',
    '<!-- not run: needs a mail server -->',
    '',
    '    echo mail',
  ].join('\n');
  const [run, marked] = readBlocks(page, 'x.md');
  expect(run).toEqual({
    at: 'x.md:3',
    commands: ['npx recourse check --email x'],
    output: '    review  …\n\n    …\n    the end',
  });
  expect(marked).toMatchObject({ at: 'x.md:13', notRun: 'needs a mail server' });
  const output = run?.output ?? '';
  expect(isShown('review chk_1\n\none\ntwo\nthe   end\n', output)).toBe(true);
  expect(isShown('no-record chk_1\n\none\nthe end\n', output)).toBe(false);
  expect(isShown('review chk_1\n\nthe end, and more\n', output)).toBe(false);
  expect(unknownIn('recourse call oprf.rotate --input {}')).toEqual(['--input']);
  expect(unknownIn('recourse ledger forge')).not.toEqual([]);
  expect(unknownIn('recourse ledger verify --json')).toEqual([]);
});
