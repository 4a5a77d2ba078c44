import { utf8 } from '@recourse/protocol';

/** Every sealed column, with the columns that name its row. Claimed of the schema by `sealed-columns.test.ts`. */
export const sealedColumns = {
  'case_keys.wrapped': ['sanction'],
  'kept_calls.sealed': ['sanction', 'kid', 'jti'],
  'answers.body': ['kid', 'jti'],
  'openings.opening': ['kid', 'jti', 'position'],
  'sanctions.account': ['id'],
  'subjects.sealed': ['sanction', 'position', 'epoch'],
  'appeals.words': ['id'],
  'appeals.news': ['id'],
  'appeals.response': ['id'],
  'decisions.reasons': ['sanction', 'holder'],
  'deliveries.sealed': ['review', 'item', 'round'],
  'sealed_evidence.sealed': ['id'],
  'disputes.content_key': ['review', 'item', 'round'],
  'questions.text': ['id'],
  'questions.answer': ['id'],
  'case_information.text': ['appeal', 'position'],
  'case_files.sealed': ['appeal', 'position'],
  'appeal_joins.words': ['appeal', 'claimant', 'ground'],
  'case_access.name': ['by_claimant', 'place'],
  'case_contacts.address': ['claimant'],
  'notice_deliveries.address': ['sanction', 'position'],
  'panel_votes.reasons': ['item', 'holder'],
} as const;

export type SealedColumn = keyof typeof sealedColumns;

/** Where a sealed value stands. */
export interface Place {
  readonly table: string;
  readonly column: string;
  readonly id: readonly string[];
}

/** @param row has at least the columns that name it */
export function placeOf<C extends SealedColumn>(
  name: C,
  row: Readonly<Record<(typeof sealedColumns)[C][number], string | number>>,
): Place {
  const [table = '', column = ''] = name.split('.');
  const id = sealedColumns[name].map((key: keyof typeof row) => String(row[key]));
  return { table, column, id };
}

/** Additional data of a seal: whoever moves a value to another column, row or case makes it unreadable. */
export const placeBytes = ({ table, column, id }: Place): Uint8Array =>
  // JSON, since a quoted part cannot run into the next one.
  utf8(JSON.stringify([table, column, ...id]));
