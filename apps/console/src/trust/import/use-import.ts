import { identifierKinds } from '@recourse/protocol';
import { isRecourseError, type Recourse } from '@recourse/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { OpenPerson } from '../../identity/person.ts';
import { usePerson } from '../../identity/session.ts';
import { namedIssue } from '../../parts/issues/issue-text.ts';
import { explain } from '../../parts/refusals.ts';
import { useRecourse } from '../../registry/calls.ts';
import { withTokens } from '../../registry/tokens.ts';
import { journalOf } from '../journal.ts';
import type { Judged } from './columns.ts';

export type RowState =
  | { readonly state: 'recorded' | 'drafted'; readonly sanction: string }
  | { readonly state: 'refused'; readonly why: string };

type Ready = Extract<Judged, { input: object }>;

interface Sender {
  readonly person: OpenPerson;
  readonly recourse: Recourse;
}

/** Records row by row, so that a cancelled import has done whole rows alone. */
export function useImport() {
  const person = usePerson();
  const recourse = useRecourse();
  const client = useQueryClient();
  const [done, setDone] = useState<ReadonlyMap<number, RowState>>(new Map());
  const [isRunning, setRunning] = useState(false);
  const isCancelled = useRef(false);

  const start = async (rows: readonly Judged[]): Promise<void> => {
    isCancelled.current = false;
    // Once the records of a day are used up, the rest waits for a colleague.
    let how: 'submit' | 'draft' = 'submit';
    addEventListener('beforeunload', ask);
    setRunning(true);
    for (const [at, row] of rows.entries()) {
      if (isCancelled.current) break;
      if (!row.input || isThere(done.get(at))) continue;
      const state = await record({ person, recourse }, row, how);
      if (state.state === 'drafted') how = 'draft';
      setDone((now) => new Map(now).set(at, state));
    }
    removeEventListener('beforeunload', ask);
    // Lists and counts are fresh when the results are said.
    await client.invalidateQueries({ queryKey: [person.kid] });
    setRunning(false);
  };

  const cancel = (): void => {
    isCancelled.current = true;
  };
  const reset = (): void => setDone(new Map());
  return { done, isRunning, start, cancel, reset };
}

const isThere = (row: RowState | undefined): boolean =>
  row?.state === 'recorded' || row?.state === 'drafted';

const ask = (event: Event): void => event.preventDefault();

async function record(
  { person, recourse: { journals } }: Sender,
  { input, files }: Ready,
  how: 'submit' | 'draft',
): Promise<RowState> {
  try {
    const { state, sent } = await send(person, input, how);
    const { sanction, caseCode, evidence } = sent;
    const identifiers = identifierKinds.flatMap((kind) =>
      [input.creator[kind] ?? []].flat().map(({ value }) => ({ kind, value })),
    );
    const entry = { caseCode, account: input.account, evidence, identifiers };
    await journalOf(person).keep(sanction, entry, files);
    await journals.tryShare(sanction, entry);
    return { state, sanction };
  } catch (error) {
    const { title, next, issues } = explain(error);
    return { state: 'refused', why: [title, ...issues.map(namedIssue), next].join(' ') };
  }
}

/** Submits, or drafts where only a second person may still submit today. */
async function send(person: OpenPerson, input: Ready['input'], how: 'submit' | 'draft') {
  if (how === 'submit') {
    try {
      return { state: 'recorded', sent: await withTokens(person, 'submit', input) } as const;
    } catch (error) {
      if (!needsSecond(error)) throw error;
    }
  }
  return { state: 'drafted', sent: await withTokens(person, 'draft', input) } as const;
}

const needsSecond = (error: unknown): boolean =>
  isRecourseError(error, 'quota-exceeded') &&
  error.issues.some(({ code }) => code === 'second-holder-required');
