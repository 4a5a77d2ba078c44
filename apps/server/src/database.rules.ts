import type { SchemaState } from '@recourse/registry';
import { ServerError, type ServerErrorCode } from './errors.ts';
import type { Log } from './log.ts';

/** The oldest PostgreSQL that the schema is tested on. */
const leastPostgres = 17;

/**
 * @param version as `server_version_num` has it: 170004 is 17.4
 * @throws ServerError `postgres_too_old`
 */
export function assertPostgres(version: number): void {
  const major = Math.floor(version / 10_000);
  if (major >= leastPostgres) return;
  throw new ServerError(
    'postgres_too_old',
    `This is PostgreSQL ${major}, and a registry needs ${leastPostgres} or newer: it is tested on these, and their builtin locale keeps every index right when the locales of the system change. Bring it up to date, or set DATABASE_URL to another.`,
  );
}

/**
 * A server works on the schema of its own release and on that of the next, so that servers are replaced one by one.
 * @throws ServerError `schema_missing`, `schema_too_old`, `schema_too_new` or `schema_foreign`
 */
export function assertSchema(schema: SchemaState, log: Pick<Log, 'progress'>): void {
  if (schema.is === 'current') return;
  if (schema.is === 'newer' && schema.unknown.length === 1) {
    log.progress(
      `The schema is one version newer than this server (${schema.unknown[0]}): it works on it. Replace this server next.`,
    );
    return;
  }
  throw new ServerError(...refusalOf(schema));
}

function refusalOf(
  schema: Exclude<SchemaState, { is: 'current' }>,
): [code: ServerErrorCode, message: string] {
  if (schema.is === 'empty')
    return ['schema_missing', `The database has no schema yet: ${howToMigrate}`];
  if (schema.is === 'older') {
    const lacks = schema.missing.join(', ');
    return ['schema_too_old', `The schema of the database lacks ${lacks}: ${howToMigrate}`];
  }
  if (schema.is === 'newer') {
    const { unknown } = schema;
    return [
      'schema_too_new',
      `The schema of the database is ${unknown.length} versions newer than this server (${unknown.join(', ')}): start a server of the newest release.`,
    ];
  }
  return [
    'schema_foreign',
    'No release of Recourse has made the schema of this database: give the registry a database of its own. That of a sandbox is made anew where its data directory is removed.',
  ];
}

const howToMigrate =
  'run `recourse-server migrate` with DATABASE_OWNER_URL, the owner of the database, then start again.';
