import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ServerError } from '../errors.ts';

/** The unprivileged account that PostgreSQL runs as when the server itself runs as root. */
export interface Account {
  uid: number;
  gid: number;
}

/** A program with its arguments and spawn options, changed so that it runs as the account and dies with its parent. */
export interface Launch {
  command: string;
  args: string[];
  identity: { uid?: number; gid?: number };
}

/**
 * PostgreSQL refuses to run as root, so root hands over to the owner of an existing cluster, else `postgres`, else
 * `nobody`; undefined for everyone else, who run it as themselves.
 */
export function chooseAccount(cluster: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = existsSync(cluster) ? statSync(cluster) : undefined;
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = findAccount(readFileSync('/etc/passwd', 'utf8'));
  if (account !== undefined) return account;
  throw new ServerError(
    'postgres_no_account',
    'PostgreSQL cannot run as root and there is no account postgres or nobody: start as an ordinary user, or set DATABASE_URL.',
  );
}

/** The first of `postgres` and `nobody` in the text of a passwd(5) file. */
export function findAccount(passwd: string): Account | undefined {
  const rows = passwd.split('\n').map((line) => line.split(':'));
  const row =
    rows.find(([name]) => name === 'postgres') ?? rows.find(([name]) => name === 'nobody');
  const [uid, gid] = [Number(row?.[2]), Number(row?.[3])];
  return uid > 0 && gid > 0 ? { uid, gid } : undefined;
}

/** Prepares a program for the account. Where Linux has setpriv(1) the program gets SIGINT when its parent is killed. */
export function asAccount(program: string, args: string[], account: Account | undefined): Launch {
  if (SETPRIV === undefined) return { command: program, args, identity: account ?? {} };
  const options = ['--pdeathsig', 'SIGINT'];
  if (account !== undefined) {
    options.push(`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups');
    const paths = [program, ...args.filter((argument) => argument.startsWith('/'))];
    if (!paths.every((path) => reachable(path, account))) options.push(...PASS_FOLDERS);
  }
  return { command: SETPRIV, args: [...options, '--', program, ...args], identity: {} };
}

const SETPRIV =
  process.platform === 'linux'
    ? ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => executable(path))
    : undefined;

/**
 * A checkout below /root (mode 0700) is closed to every account but root. PostgreSQL then keeps the one capability to
 * pass such folders, and access(2), which initdb asks about its own binary, must not drop it.
 */
const PASS_FOLDERS = [
  '--securebits=+no_setuid_fixup',
  '--inh-caps=+dac_override',
  '--ambient-caps=+dac_override',
];

/** Whether every folder above the path lets the account through. */
function reachable(path: string, account: Account): boolean {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const { mode, uid } = statSync(folder);
    if ((mode & (uid === account.uid ? 0o100 : 0o001)) === 0) return false;
  }
  return true;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
