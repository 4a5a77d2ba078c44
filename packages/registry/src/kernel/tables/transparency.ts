import type { Generated } from 'kysely';

/** One row: the report as it was made last. */
export interface TransparencyReportTable {
  singleton: Generated<boolean>;
  at: Date;
  /** JSON, as it is served */
  document: string;
}
