import { randomBytes } from 'node:crypto';
import { type FreshDatabase, workerPostgres } from '@recourse/testkit';
import postgres from 'postgres';

export type DatabaseCopy = {
  DATABASE_URL: string;
  DATABASE_OWNER_URL: string;
};

/** Copies of a database under other names, as they were at an instant; no server is connected to it meanwhile. */
export class DatabaseCopies {
  readonly #names: string[] = [];

  async make({ url, ownerUrl }: FreshDatabase): Promise<DatabaseCopy> {
    const name = `recourse_${randomBytes(8).toString('hex')}`;
    const from = new URL(url).pathname.slice(1);
    // The testkit keeps a connection to what it has wiped.
    await asAdmin(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${from}'`,
      `create database ${name} template ${from} owner recourse_owner`,
    );
    this.#names.push(name);
    return { DATABASE_URL: named(url, name), DATABASE_OWNER_URL: named(ownerUrl, name) };
  }

  /** One without a schema, beside that of a test */
  async makeEmpty({
    url,
    ownerUrl,
  }: Pick<FreshDatabase, 'url' | 'ownerUrl'>): Promise<DatabaseCopy> {
    const name = `recourse_${randomBytes(8).toString('hex')}`;
    await asAdmin(
      `create database ${name} owner recourse_owner`,
      `revoke all on database ${name} from public`,
      `grant connect on database ${name} to recourse_service`,
    );
    this.#names.push(name);
    return { DATABASE_URL: named(url, name), DATABASE_OWNER_URL: named(ownerUrl, name) };
  }

  async drop(): Promise<void> {
    for (const name of this.#names) await asAdmin(`drop database if exists ${name} with (force)`);
  }
}

async function asAdmin(...statements: string[]): Promise<void> {
  const admin = postgres(workerPostgres().adminUrl, { max: 1, onnotice: () => undefined });
  for (const statement of statements) await admin.unsafe(statement);
  await admin.end();
}

const named = (url: string, name: string): string =>
  Object.assign(new URL(url), { pathname: `/${name}` }).href;
