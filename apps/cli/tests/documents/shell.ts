import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '@recourse/testkit';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const isServing =
  /\b(?:npm start|npm run agent|recourse-agent|ledger watch|witness run|events follow)\b(?!.* (?:recover|config|migrate|backup|restore)\b)/;
const isEnd = /\n~(\d+)~\n$/;

export interface Ran {
  readonly code: number;
  /** What it printed, stdout and stderr */
  readonly printed: string;
  /** It goes on, and prints more */
  readonly isServing: boolean;
}

/** A folder that looks like a checkout, and one shell in it: what is exported stays, servers go on. */
export class Shell {
  readonly folder = mkdtempSync(join(tmpdir(), 'recourse-documents-'));
  readonly #shell: ChildProcessWithoutNullStreams;
  readonly #serving = new Map<string, { command: string; pidFile: string; log: string }>();
  #printed = '';

  constructor(env: Record<string, string>) {
    for (const name of ['apps', 'packages', 'docs', 'scripts', 'node_modules', 'package.json'])
      symlinkSync(join(root, name), join(this.folder, name));
    const bin = join(this.folder, 'bin');
    mkdirSync(bin);
    for (const [name, text] of programs()) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    this.#shell = spawn('/bin/sh', [], {
      cwd: this.folder,
      env: {
        ...bareEnvironment(),
        PATH: [bin, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
        HOME: this.folder,
        ...env,
      },
    });
    for (const stream of [this.#shell.stdout, this.#shell.stderr])
      stream.on('data', (chunk: Buffer) => (this.#printed += chunk.toString()));
    this.#shell.stdin.write('exec 2>&1\n');
  }

  save(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), text, { mode: 0o600 });
  }

  /** Runs one line to its end; one that serves is left running as soon as it has said what is expected of it. */
  async run(command: string, isSaid: (printed: string) => boolean): Promise<Ran> {
    if (isServing.test(command)) return this.#serve(command, isSaid);
    this.#printed = '';
    this.#shell.stdin.write(`${command}\nprintf '\\n~%s~\\n' $?\n`);
    for (;;) {
      const end = isEnd.exec(this.#printed);
      if (end) {
        const printed = this.#printed.slice(0, end.index);
        return { code: Number(end[1]), printed, isServing: false };
      }
      if (this.#shell.exitCode !== null) throw new Error(`the shell ended at: ${command}`);
      await sleep(10);
    }
  }

  async #serve(line: string, isSaid: (printed: string) => boolean): Promise<Ran> {
    const [program] = isServing.exec(line) ?? [line];
    const command = line.replace(/^npm ci && /, '');
    const before = this.#serving.get(program);
    const log = before?.log ?? join(this.folder, `${program.replaceAll(' ', '-')}.log`);
    if (before?.command !== command) {
      if (before) await end(before.pidFile);
      const pidFile = join(this.folder, `${program.replaceAll(' ', '-')}.pid`);
      for (const path of [pidFile, log]) rmSync(path, { force: true });
      this.#serving.set(program, { command, pidFile, log });
      // With a command behind it, the subshell stays and reaps the server: a zombie would seem to run on.
      this.#shell.stdin.write(
        `( export PID_FILE='${pidFile}'; ${command}; : ) > '${log}' 2>&1 &\n`,
      );
    }
    for (let i = 0; i < 1200; i += 1) {
      const printed = existsSync(log) ? readFileSync(log, 'utf8') : '';
      if (printed !== '' && isSaid(printed)) return { code: 0, printed, isServing: true };
      await sleep(50);
    }
    return { code: 1, printed: readFileSync(log, 'utf8'), isServing: true };
  }

  async close(): Promise<void> {
    for (const { pidFile } of this.#serving.values()) await end(pidFile);
    this.#shell.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Asks a server to stop, and waits until it has. */
async function end(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  for (let i = 0; i < 400; i += 1) {
    try {
      process.kill(pid, i === 0 ? 'SIGTERM' : 0);
    } catch {
      return;
    }
    await sleep(50);
  }
  process.kill(pid, 'SIGKILL');
}

/** `npm` and `npx` take a second for what these do at once; what `npm ci` installs is here. */
function programs(): [string, string][] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const note = '[ -z "$PID_FILE" ] || echo $$ > "$PID_FILE"';
  const npm = Object.entries(scripts)
    .map(([name, line]) => [name, line.replace(/^exec /, '')] as const)
    .filter(([, line]) => line.startsWith('node '))
    .map(([name, line]) => `${name}) ${note}; exec ${line} "$@";;`);
  const bins = ['cli', 'server', 'agent'].map((app): [string, string] => [
    app === 'cli' ? 'recourse' : `recourse-${app}`,
    `${note}\nexec node --conditions=@recourse/source '${join(root, 'apps', app, 'src/main.ts')}' "$@"`,
  ]);
  return [
    ...bins,
    ['npx', 'exec "$@"'],
    [
      'npm',
      [
        '[ "$1" = ci ] && exit 0',
        '[ "$1" = run ] && shift',
        'script=$1; shift; [ "$1" = -- ] && shift',
        `case "$script" in ${npm.join('\n')} *) echo "npm $script is not run here"; exit 1;; esac`,
      ].join('\n'),
    ],
  ];
}
