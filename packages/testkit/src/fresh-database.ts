import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { onDatabase, TEMPLATE } from './template.ts';

/** A migrated, empty database of one test. `url` connects as the service role, `ownerUrl` as the schema's owner. */
export interface FreshDatabase {
  url: string;
  ownerUrl: string;
  drop(): Promise<void>;
}

/** Clones the template under a random name; needs `global-setup`. Call `drop` when done: open connections are cut. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { url, ownerUrl, adminUrl } = inject('postgres');
  const name = `recourse_${randomBytes(8).toString('hex')}`;
  await asAdmin(adminUrl, [
    `create database ${name} template ${TEMPLATE} owner recourse_owner`,
    `revoke all on database ${name} from public`,
    `grant connect on database ${name} to recourse_service`,
  ]);
  return {
    url: onDatabase(url, name),
    ownerUrl: onDatabase(ownerUrl, name),
    drop: () => asAdmin(adminUrl, [`drop database if exists ${name} with (force)`]),
  };
}

async function asAdmin(adminUrl: string, statements: string[]): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    for (const statement of statements) await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
