import { identifierKinds } from '@recourse/protocol';
import { isRecourseError, type Recourse } from '@recourse/sdk';
import type { OpenPerson } from '../../identity/person.ts';
import { usePerson } from '../../identity/session.ts';
import { whyOf } from '../../parts/issues/why.ts';
import { useEach } from '../../parts/use-each.ts';
import { useRequest } from '../../registry/calls.ts';
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
  const { done, start, cancel, reset } = useEach<number, RowState>();
  // Lists and counts are fresh when the results are said.
  const run = useRequest((recourse, rows: readonly Judged[]) => {
    // Once the records of a day are used up, the rest waits for a colleague.
    let how: 'submit' | 'draft' = 'submit';
    const left = new Map(rows.entries().filter((one): one is [number, Ready] => isLeft(one, done)));
    return start(left.keys(), async (at) => {
      const state = await record({ person, recourse }, left.get(at)!, how);
      if (state.state === 'drafted') how = 'draft';
      return state;
    });
  });
  return { done, isRunning: run.isPending, start: run.mutate, cancel, reset };
}

const isLeft = ([at, row]: [number, Judged], done: ReadonlyMap<number, RowState>): boolean =>
  row.input !== undefined && !isThere(done.get(at));

const isThere = (row: RowState | undefined): boolean =>
  row?.state === 'recorded' || row?.state === 'drafted';

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
    return { state: 'refused', why: whyOf(error) };
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
  isRecourseError(error, 'quota-exceeded') && error.hasIssue('second-holder-required');
