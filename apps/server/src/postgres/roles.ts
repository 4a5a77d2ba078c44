import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgresAddress } from '@recourse/registry';
import postgres from 'postgres';
import { ServerError } from '../errors.ts';

/** The passwords of the three roles of an embedded PostgreSQL, kept in `<dataDir>/roles.json` (mode 0600). */
export interface RolePasswords {
  postgres: string;
  recourse_owner: string;
  recourse_service: string;
}

/** Reads the passwords, or invents them when `roles.json` does not exist yet. */
export function loadRolePasswords(dataDir: string): RolePasswords {
  const path = join(dataDir, 'roles.json');
  if (existsSync(path)) {
    const stored: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isRolePasswords(stored)) return stored;
    throw new ServerError('postgres_start_failed', `${path} does not hold the three passwords.`);
  }
  const made = { postgres: invent(), recourse_owner: invent(), recourse_service: invent() };
  writeFileSync(path, JSON.stringify(made, null, 2), { mode: 0o600, flag: 'wx' });
  return made;
}

/**
 * Creates what is missing of the two roles and the database `recourse`: the owner runs migrations, the service role may
 * connect and gets its rights on tables from the migrations. Safe to repeat.
 */
export async function ensureRoles(adminUrl: string, passwords: RolePasswords): Promise<void> {
  const { url, options } = postgresAddress(adminUrl);
  const sql = postgres(url, { ...options, max: 1, onnotice: () => undefined });
  try {
    for (const role of ['recourse_owner', 'recourse_service'] as const) {
      const [existing] = await sql`select 1 from pg_roles where rolname = ${role}`;
      if (existing) continue;
      await sql.unsafe(`create role ${role} login password '${passwords[role]}'`);
    }
    const [existing] = await sql`select 1 from pg_database where datname = 'recourse'`;
    if (!existing) await sql.unsafe('create database recourse owner recourse_owner');
    await sql.unsafe('revoke all on database recourse from public');
    await sql.unsafe('grant connect on database recourse to recourse_service');
  } finally {
    await sql.end();
  }
}

function isRolePasswords(stored: unknown): stored is RolePasswords {
  const roles = ['postgres', 'recourse_owner', 'recourse_service'];
  return typeof stored === 'object' && stored !== null && roles.every((role) => role in stored);
}

function invent(): string {
  return randomBytes(24).toString('base64url');
}
