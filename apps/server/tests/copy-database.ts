import { randomBytes } from 'node:crypto';
import { type FreshDatabase, workerPostgres } from '@recourse/testkit';
import postgres from 'postgres';

export type DatabaseCopy = {
  DATABASE_URL: string;
  DATABASE_OWNER_URL: string;
};

/** Copies of a database under other names, as they were at an instant; nothing is connected to it meanwhile. */
export class DatabaseCopies {
  readonly #names: string[] = [];

  async make({ url, ownerUrl }: FreshDatabase): Promise<DatabaseCopy> {
    const name = `recourse_${randomBytes(8).toString('hex')}`;
    const from = new URL(url).pathname.slice(1);
    await asAdmin(`create database ${name} template ${from} owner recourse_owner`);
    this.#names.push(name);
    return { DATABASE_URL: named(url, name), DATABASE_OWNER_URL: named(ownerUrl, name) };
  }

  async drop(): Promise<void> {
    for (const name of this.#names) await asAdmin(`drop database if exists ${name} with (force)`);
  }
}

async function asAdmin(statement: string): Promise<void> {
  const admin = postgres(workerPostgres().adminUrl, { max: 1, onnotice: () => undefined });
  await admin.unsafe(statement);
  await admin.end();
}

const named = (url: string, name: string): string =>
  Object.assign(new URL(url), { pathname: `/${name}` }).href;
