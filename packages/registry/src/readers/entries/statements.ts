import {
  accountCommitment,
  peekArtefact,
  subjectCommitment,
  subjectsRoot,
  subjectsUpdateSchema,
  toNumericDate,
  type SanctionStatement,
} from '@recourse/protocol';
import { sql } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import { peekStatement, type PeekedStatement } from '../../parties/opening.ts';
import { firstOf } from '../../submissions/answering.rules.ts';
import {
  commitmentsIn,
  matchesUntil,
  proofOf,
  statementColumns,
} from '../../submissions/recording.ts';
import { placeOf, type CaseKey, type Vault } from '../../vault/vault.ts';
import type { Difference } from './difference.ts';
import { readRows } from './read-rows.ts';
import type { Scope } from './scope.ts';

/**
 * Compares what rows say of a record with what its platform signed: the log has a hash of the statement, and the
 * statement has reason, dates, and commitments to account and subjects. An owner who edits a column changes none of
 * that.
 */
export async function* compareStatements(
  db: Db,
  { vault, cases }: { vault: Vault; cases: Scope },
): AsyncGenerator<Difference, void, undefined> {
  for await (const row of readRows<RecordRow>(db, recordRows(cases))) {
    const signed = statementIn(row.statement);
    // Of a record that was submitted the log has the hash: that row is not logged.
    if (!signed) continue;
    const { payload: statement } = signed;
    const key = caseKeyOf(vault, row);
    for (const what of columnsOf(row, signed, key)) {
      yield { code: 'statement-differs', table: 'sanctions', id: row.id, what };
    }
    for (const id of appealsElsewhere(row, statement)) {
      yield { code: 'statement-differs', table: 'appeal_proofs', id, what: 'proof' };
    }
    for (const { position, epoch, what } of subjectsOf(row, { statement, key, vault })) {
      const id = `${row.id} ${position} ${epoch}`;
      yield { code: 'statement-differs', table: 'subjects', id, what };
    }
  }
}

interface SubjectFacts {
  readonly position: number;
  readonly epoch: number;
  readonly lookup: string;
  readonly kind: Parameters<typeof subjectCommitment>[0]['kind'];
  readonly control: Parameters<typeof subjectCommitment>[0]['control'];
  readonly proven_at: string;
  readonly matches_until: string;
  readonly delivered_at: string | null;
  readonly review_from: string | null;
  /** When a server took the message to it, unless it came back before it counted */
  readonly taken_at: string | null;
  readonly sealed: string;
}

interface SubjectsUpdate {
  readonly epoch: number;
  readonly artefact: string;
  readonly commitments: readonly string[];
}

interface RecordRow extends Columns {
  readonly id: string;
  readonly kid: string;
  readonly statement: string;
  readonly commitments: readonly string[];
  readonly proof: string | null;
  readonly account: Uint8Array;
  readonly texts_erased_at: Date | null;
  readonly end_recorded: boolean;
  readonly others_from: Date | null;
  readonly visible_from: Date | null;
  readonly wrapped: Uint8Array | null;
  /** Tokens of newer epochs, as the platform signed them */
  readonly updates: readonly SubjectsUpdate[];
  readonly evidence: readonly string[];
  readonly subjects: readonly SubjectFacts[];
  /** Appeals that say which evidence they are about */
  readonly appeals: readonly { readonly id: string; readonly proof: string }[];
}

type Columns = ReturnType<typeof statementColumns>;

const recordRows = (cases: Scope) => sql<RecordRow>`
  select s.*, k.wrapped,
    (select coalesce(json_agg(json_build_object('epoch', r.epoch, 'artefact', r.artefact,
        'commitments', r.commitments) order by r.epoch), '[]')
      from retokenisations r where r.sanction = s.id) as updates,
    array(select e.commitment from evidence_commitments e where e.sanction = s.id) as evidence,
    (select coalesce(json_agg(json_build_object('position', u.position, 'epoch', u.epoch,
        'lookup', encode(u.lookup, 'hex'), 'kind', u.kind, 'control', u.control,
        'proven_at', u.proven_at, 'matches_until', u.matches_until,
        'delivered_at', u.delivered_at, 'review_from', u.review_from,
        'sealed', encode(u.sealed, 'hex'), 'taken_at', d.result_at)
        order by u.epoch, u.position), '[]')
      from subjects u left join notice_deliveries d on d.sanction = u.sanction
        and d.position = u.position and d.result = 'taken'
      where u.sanction = s.id) as subjects,
    (select coalesce(json_agg(json_build_object('id', a.appeal, 'proof', a.proof)), '[]')
      from appeal_proofs a where a.sanction = s.id) as appeals
  from sanctions s left join case_keys k on k.sanction = s.id
  where s.erased_at is null and ${cases.has('s.id')}`;

function statementIn(compact: string): PeekedStatement | undefined {
  try {
    return peekStatement(compact);
  } catch {
    return undefined;
  }
}

/** None of a case whose key is lost or was replaced: its openings say so. */
function caseKeyOf(vault: Vault, { id: sanction, wrapped }: RecordRow): CaseKey | undefined {
  try {
    return wrapped ? vault.openCase({ sanction, wrapped }) : undefined;
  } catch {
    return undefined;
  }
}

/** The columns of a record that say something else than its statement. */
function columnsOf(
  row: RecordRow,
  { payload: statement, jws }: PeekedStatement,
  key: CaseKey | undefined,
): string[] {
  const stated = Object.entries(statementColumns(statement));
  const differing = stated
    .filter(([column, value]) => !isSame(row[column as keyof Columns], value))
    .map(([column]) => column);
  const evidence = new Set(commitmentsIn(statement));
  const is: Record<string, boolean> = {
    id: row.id === statement.jti,
    kid: row.kid === jws.kid,
    proof: row.proof === proofOf(statement),
    commitments:
      subjectsRoot(row.commitments) === statement.subjects && row.updates.every(isOfArtefact),
    evidence:
      row.evidence.length === evidence.size && row.evidence.every((one) => evidence.has(one)),
    account: row.texts_erased_at !== null || !key || isAccount(row, statement, key),
    visible_from: row.end_recorded || isSame(row.visible_from, visibleFrom(row)),
  };
  return [...differing, ...Object.keys(is).filter((column) => !is[column])];
}

/**
 * Appeals that say another evidence than the statement names: each joins or leaves those that stand together on one. Those
 * that say none are found by their record.
 */
function appealsElsewhere({ appeals }: RecordRow, statement: SanctionStatement): string[] {
  const proof = proofOf(statement) ?? '';
  return appeals.filter((appeal) => appeal.proof !== proof).map(({ id }) => id);
}

const visibleFrom = ({ others_from: others, subjects }: RecordRow): Date | null =>
  firstOf([
    others,
    ...subjects.map(({ review_from: from }) => (from === null ? null : new Date(from))),
  ]);

function isSame(left: unknown, right: unknown): boolean {
  if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime();
  return left === right;
}

const updateForm = { typ: 'recourse-subjects+jwt', schema: subjectsUpdateSchema } as const;

/** An artefact that cannot be read is not logged, and its row says so. */
function isOfArtefact({ artefact, commitments }: SubjectsUpdate): boolean {
  try {
    return subjectsRoot(commitments) === peekArtefact(artefact, updateForm).payload.subjects;
  } catch {
    return false;
  }
}

function isAccount(row: RecordRow, statement: SanctionStatement, key: CaseKey): boolean {
  try {
    const account = key.openJson(row.account, placeOf('sanctions.account', row));
    const opened = account as Parameters<typeof accountCommitment>[0];
    return accountCommitment(opened) === statement.account;
  } catch {
    return false;
  }
}

interface Differing {
  readonly position: number;
  readonly epoch: number;
  readonly what: string;
}

/** Subjects that the statement does not commit to, or that a message reached at another time than they say. */
function subjectsOf(
  row: RecordRow,
  opened: { statement: SanctionStatement; key: CaseKey | undefined; vault: Vault },
): Differing[] {
  return row.subjects.flatMap((subject) => {
    const { position, epoch } = subject;
    const until = matchesUntil(subject.kind, opened.statement);
    const is: Record<string, boolean> = {
      matches_until: new Date(subject.matches_until).getTime() === until.getTime(),
      delivered_at: subject.delivered_at === subject.taken_at,
      subject: !opened.key || isCommitted(row, subject, { key: opened.key, vault: opened.vault }),
    };
    const differing = Object.keys(is).filter((what) => !is[what]);
    return differing.map((what) => ({ position, epoch, what }));
  });
}

/** Token, salt, kind, control and time of proof, in the tree of their epoch. */
function isCommitted(
  row: RecordRow,
  subject: SubjectFacts,
  { key, vault }: { key: CaseKey; vault: Vault },
): boolean {
  try {
    const { position, epoch, kind, control } = subject;
    const place = placeOf('subjects.sealed', { sanction: row.id, position, epoch });
    const opened = key.openJson(Buffer.from(subject.sealed, 'hex'), place) as {
      salt: string;
      token: string;
    };
    if (vault.lookup(opened.token).toString('hex') !== subject.lookup) return false;
    const provenAt = toNumericDate(new Date(subject.proven_at));
    const leaf = subjectCommitment({ epoch, kind, control, provenAt, ...opened });
    const tree = row.updates.find((update) => update.epoch === epoch) ?? row;
    return leaf === tree.commitments[position];
  } catch {
    return false;
  }
}
