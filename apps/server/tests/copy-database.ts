import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { onDatabase, asAdmin, type FreshDatabase, workerPostgres } from '@recourse/testkit';

export type DatabaseCopy = {
  DATABASE_URL: string;
  DATABASE_OWNER_URL: string;
};

/** Copies of a database under other names, as they were at an instant; a server that is connected to it is cut off. */
export class DatabaseCopies {
  readonly #names: string[] = [];

  async make({ url, ownerUrl }: FreshDatabase): Promise<DatabaseCopy> {
    const name = `recourse_${randomBytes(8).toString('hex')}`;
    const from = new URL(url).pathname.slice(1);
    // A template has no sessions: those of a server are cut, and come back.
    await repeated(() =>
      asAdmin(workerPostgres().adminUrl, [
        cut(from),
        `create database ${name} template ${from} owner recourse_owner`,
      ]),
    );
    this.#names.push(name);
    return { DATABASE_URL: onDatabase(url, name), DATABASE_OWNER_URL: onDatabase(ownerUrl, name) };
  }

  /** One without a schema, beside that of a test */
  async makeEmpty({
    url,
    ownerUrl,
  }: Pick<FreshDatabase, 'url' | 'ownerUrl'>): Promise<DatabaseCopy> {
    const name = `recourse_${randomBytes(8).toString('hex')}`;
    await asAdmin(workerPostgres().adminUrl, [
      `create database ${name} owner recourse_owner`,
      `revoke all on database ${name} from public`,
      `grant connect on database ${name} to recourse_service`,
    ]);
    this.#names.push(name);
    return { DATABASE_URL: onDatabase(url, name), DATABASE_OWNER_URL: onDatabase(ownerUrl, name) };
  }

  /**
   * A copy in place of its database, under servers that run: an asynchronous standby that lacked the last commits was
   * promoted.
   */
  async promote({ DATABASE_URL }: DatabaseCopy, { url }: FreshDatabase): Promise<void> {
    const [copy, name] = [DATABASE_URL, url].map((at) => new URL(at).pathname.slice(1));
    await asAdmin(workerPostgres().adminUrl, [`drop database ${name} with (force)`]);
    await repeated(() =>
      asAdmin(workerPostgres().adminUrl, [
        cut(String(copy)),
        `alter database ${copy} rename to ${name}`,
      ]),
    );
  }

  async drop(): Promise<void> {
    for (const name of this.#names)
      await asAdmin(workerPostgres().adminUrl, [`drop database if exists ${name} with (force)`]);
  }
}

const cut = (name: string): string =>
  `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;

async function repeated(work: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === 200) throw error;
      await delay(50);
    }
  }
}
