import { configOf } from './config.ts';
import { ServerError } from '../errors.ts';
import { Settings } from './settings.ts';

/** Commands of the program, by its first argument; without one it is `serve`. */
export const commands = {
  serve:
    'starts a server: --init makes its keys, once; --role api|worker|all is its part of the work',
  migrate:
    'brings the schema up to date as the owner of the database: --dry-run prints what would run, --wait SECONDS is for locks',
  backup: '<folder>: copies every table and the log, beside servers that run',
  restore: '<folder>: puts a backup into an empty database',
  recover: '--log <copy of the log>: brings an old copy of the database up to date',
  doctor: '--ledger [--full] compares the tables with the log, --timers counts what is due',
  config: 'prints every setting, where it comes from, and what cannot be used',
  'oprf-key': '<epoch>: prints the public key of an epoch, --init makes its secret',
} as const;
export type CommandName = keyof typeof commands;

/** Variables, of some fifty, that a first start asks about. */
export const mainVariables = {
  RECOURSE_MODE: 'sandbox, where nobody is real, or production',
  RECOURSE_ORIGIN:
    'what everybody reaches it as, https://registry.example: everything is signed for it',
  RECOURSE_HOST: 'where it listens',
  RECOURSE_PORT: 'and the port',
  RECOURSE_DATA_DIR:
    'keys, files of a sandbox, and a PostgreSQL of its own where DATABASE_URL is not set',
  DATABASE_URL: 'a PostgreSQL of yours, as recourse_service: postgres://user:password@a,b/recourse',
  DATABASE_OWNER_URL: 'the same as its owner, for migrate, backup, restore and recover',
  RECOURSE_KEYS_DIR: 'keys and secrets',
  RECOURSE_CHECKPOINTS_DIR: 'a folder that all servers share: it outlives the database',
  RECOURSE_WITNESS_URL: 'a witness of your own, with its key in RECOURSE_WITNESS_KEY',
  RECOURSE_SMTP_URL: 'a mail server, with the sender in RECOURSE_MAIL_FROM',
  RECOURSE_TRUSTED_PROXIES: 'proxies whose X-Forwarded-For is believed',
  RECOURSE_START_WAIT_SECONDS: 'how long a start waits for PostgreSQL and for the shared folder',
  RECOURSE_METRICS_PORT: 'serves /metrics for Prometheus',
  RECOURSE_LOG_FORMAT: 'json or text',
} as const;

/**
 * Finds the command in the arguments.
 * @throws ServerError `command_unknown`, naming those that there are
 */
export function commandIn(
  args: readonly string[],
): { readonly command: CommandName; readonly rest: readonly string[] } | 'help' {
  const [first, ...rest] = args;
  if (args.some((arg) => arg === '--help' || arg === '-h') || first === 'help') return 'help';
  if (first === undefined || first.startsWith('-')) return { command: 'serve', rest: args };
  if (isCommand(first)) return { command: first, rest };
  throw new ServerError(
    'command_unknown',
    `${first} is no command: there are ${Object.keys(commands).join(', ')}. --help says what each does.`,
  );
}

const isCommand = (text: string): text is CommandName => Object.hasOwn(commands, text);

/** Everything in one screen. Values are those of an empty environment. */
export function helpText(): string {
  const settings = new Settings({});
  configOf(settings);
  const presets = new Map(settings.all.map(({ name, value }) => [name, value]));
  const variables = Object.entries(mainVariables).map(([name, says]) => {
    const preset = presets.get(name);
    return [name, preset ? `${says} (${preset})` : says] as const;
  });
  return [
    'Usage: recourse-server [command] [options], or npm start -- [command] [options]',
    '',
    'Commands; without one it is serve:',
    ...tableOf(Object.entries(commands)),
    '',
    'Variables of the environment that matter first, with what they are by default:',
    ...tableOf(variables),
    '',
    'recourse-server config prints all of them. docs/operating.md explains each.',
    'To redeem an invite, or to act as a member: npx recourse --help.',
    '',
  ].join('\n');
}

function tableOf(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, says]) => `  ${name.padEnd(width)}  ${says}`);
}
