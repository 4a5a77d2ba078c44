import type { ProblemCode } from '@recourse/protocol';
import type { SanctionInput } from '@recourse/sdk';
import { noticeColumns, sanctionColumns, type Column } from './columns.ts';
import { Cells, type RowIssue } from './cells.ts';
import { readEvidence } from './evidence.ts';
import type { RowGroup } from './read-rows.ts';
import { breaksRule } from './rules.ts';
import { readIdentifiers, readNotice, readSanction, type Notice } from './sanction.ts';

/** One sanction out of a file, ready to be prepared. */
export interface ImportRecord {
  readonly externalId: string;
  readonly line: number;
  readonly position: number;
  /** Everything it says but the notice, in one spelling: what makes it the same record in a second run */
  readonly content: string;
  readonly input: SanctionInput;
  readonly notice: Notice | undefined;
}

/** Why a record was not taken, as `FILE.errors.ndjson` says it. */
export interface Refusal {
  readonly line: number;
  readonly externalId: string | null;
  readonly code: string;
  readonly issues: readonly RowIssue[];
}

export type ReadRecord =
  | { readonly ok: true; readonly record: ImportRecord }
  | { readonly ok: false; readonly refusal: Refusal & { readonly code: ProblemCode } };

/** Reads one record, with everything that can be judged without the registry. */
export function readRecord(group: RowGroup, options: { dir: string; now: Date }): ReadRecord {
  const [first] = group;
  const issues: RowIssue[] = [];
  const externalId = readExternalId(group, issues);
  const refuse = (code: ProblemCode): ReadRecord => {
    const line = issues[0]?.line ?? first.line;
    return { ok: false, refusal: { line, externalId: externalId ?? null, code, issues } };
  };
  if (first.broken !== undefined) {
    issues.splice(0, issues.length, { line: first.line, path: '', code: first.broken });
    return refuse('invalid-input');
  }
  assertOneSanction(group, issues);
  const sanction = readSanction(new Cells(first, issues));
  const creator = readIdentifiers(group, issues);
  const evidence = readEvidence(group, { dir: options.dir, issues });
  const notice = readNotice(group, { creator, issues });
  if (issues.length > 0 || !sanction || externalId === undefined) return refuse('invalid-input');
  const input: SanctionInput = { ...sanction, creator, evidence };
  const broken = breaksRule(input, options.now);
  if (broken) {
    issues.push({ line: first.line, path: broken.column, code: broken.issue });
    return refuse(broken.code);
  }
  const { line, position } = { line: first.line, position: group.at(-1)?.position ?? 0 };
  return {
    ok: true,
    record: { externalId, line, position, content: contentOf(group), input, notice },
  };
}

/**
 * The id goes into error files and journals, so it has the form of an id, and is not the identifier itself.
 */
function readExternalId(group: RowGroup, issues: RowIssue[]): string | undefined {
  const cells = new Cells(group[0], issues);
  const id = cells.text('external_id', 128);
  if (id === undefined) return undefined;
  if (!/^[A-Za-z0-9][A-Za-z0-9._:/-]*$/.test(id)) return cells.refuse('external_id', 'not-an-id');
  const squeezed = squeeze(id);
  const named = group.some(({ values }) => squeeze(values.identifier ?? '') === squeezed);
  return named ? cells.refuse('external_id', 'is-the-identifier') : id;
}

const squeeze = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Later rows of a record repeat what the first says of the sanction, or leave it empty. */
function assertOneSanction([first, ...rest]: RowGroup, issues: RowIssue[]): void {
  for (const row of rest) {
    const differs = (column: Column): boolean => {
      const value = row.values[column];
      return value !== undefined && value !== first.values[column];
    };
    for (const column of sanctionColumns.filter(differs)) {
      issues.push({ line: row.line, path: column, code: 'differs-from-first-row' });
    }
  }
}

const isNotice = (name: string): boolean => noticeColumns.some((column) => column === name);

function contentOf(group: RowGroup): string {
  const rows = group.map(({ values }) =>
    Object.entries(values)
      .filter(([name]) => !isNotice(name))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  return JSON.stringify(rows);
}
