import { behindReferred } from './ddl.ts';
import * as appealTexts from './appeal-texts.ts';
import * as appeals from './appeals.ts';
import * as authorities from './authorities.ts';
import * as calls from './calls.ts';
import * as cases from './cases.ts';
import * as checks from './checks.ts';
import * as claimants from './claimants.ts';
import * as derived from './derived.ts';
import * as epochs from './epochs.ts';
import * as erasures from './erasures.ts';
import * as evidence from './evidence.ts';
import * as keys from './keys.ts';
import * as ledger from './ledger.ts';
import * as panel from './panel.ts';
import * as parties from './parties.ts';
import * as prefixes from './prefixes.ts';
import * as recalls from './recalls.ts';
import * as doctorPlaces from './doctor-place.ts';
import * as reportFolds from './report-fold.ts';
import * as reviewers from './reviewers.ts';
import * as sanctions from './sanctions.ts';
import type { RowOf, Table } from './define-table.ts';

/** Each file holds tables of one thought, and exports nothing else by value. */
const files = {
  ...parties,
  ...keys,
  ...calls,
  ...sanctions,
  ...cases,
  ...epochs,
  ...checks,
  ...recalls,
  ...derived,
  ...claimants,
  ...appealTexts,
  ...appeals,
  ...reviewers,
  ...evidence,
  ...panel,
  ...authorities,
  ...erasures,
  ...ledger,
  ...doctorPlaces,
  ...reportFolds,
  ...prefixes,
};

type Files = typeof files;
type Rows = { [Name in keyof Files as Files[Name]['name']]: RowOf<Files[Name]> };

/** The rows of each table, as Kysely reads them. */
export interface Database extends Rows {
  /** A view */
  audited_calls: calls.AuditedCalls;
}

/** Every table, behind those that it refers to. */
export const tables: readonly Table[] = behindReferred(Object.values<Table>(files));
