import { sql, type RawBuilder } from 'kysely';

/** Which cases are compared. */
export interface Scope {
  /** True of rows of these cases. @param column of a query, which names a case */
  readonly has: (column: string) => RawBuilder<boolean>;
}

export const allCases: Scope = { has: () => sql<boolean>`true` };
