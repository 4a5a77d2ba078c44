import type { Kysely } from 'kysely';
import type { Database } from '../schema/tables.ts';

export type { Database };

export type Db = Kysely<Database>;
