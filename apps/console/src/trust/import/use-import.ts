import { identifierKinds } from '@recourse/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { usePerson } from '../../identity/session.ts';
import { namedIssue } from '../../parts/issues/issue-text.ts';
import { explain } from '../../parts/refusals.ts';
import { useRecourse } from '../../registry/calls.ts';
import { withTokens } from '../../registry/tokens.ts';
import { journalOf } from '../journal.ts';
import type { Judged } from './columns.ts';

export type RowState =
  | { readonly state: 'recorded'; readonly sanction: string }
  | { readonly state: 'refused'; readonly why: string };

type Ready = Extract<Judged, { input: object }>;

/** Records row by row, so that a cancelled import has done whole rows alone. */
export function useImport() {
  const person = usePerson();
  const { journals } = useRecourse();
  const client = useQueryClient();
  const [done, setDone] = useState<ReadonlyMap<number, RowState>>(new Map());
  const [isRunning, setRunning] = useState(false);
  const isCancelled = useRef(false);

  const record = async ({ input, files }: Ready): Promise<RowState> => {
    try {
      const { sanction, caseCode, evidence } = await withTokens(person, 'submit', input);
      const identifiers = identifierKinds.flatMap((kind) =>
        [input.creator[kind] ?? []].flat().map(({ value }) => ({ kind, value })),
      );
      const entry = { caseCode, account: input.account, evidence, identifiers };
      await journalOf(person).keep(sanction, entry, files);
      await journals.tryShare(sanction, entry);
      return { state: 'recorded', sanction };
    } catch (error) {
      const { title, next, issues } = explain(error);
      const why = issues.length === 0 ? [next] : issues.map(namedIssue);
      return { state: 'refused', why: [title, ...why].join(' ') };
    }
  };

  const start = async (rows: readonly Judged[]): Promise<void> => {
    isCancelled.current = false;
    setRunning(true);
    for (const [at, row] of rows.entries()) {
      if (isCancelled.current) break;
      if (!row.input || done.get(at)?.state === 'recorded') continue;
      const state = await record(row);
      setDone((now) => new Map(now).set(at, state));
    }
    setRunning(false);
    await client.invalidateQueries({ queryKey: [person.kid] });
  };

  const cancel = (): void => {
    isCancelled.current = true;
  };
  const reset = (): void => setDone(new Map());
  return { done, isRunning, start, cancel, reset };
}
