import type { OpOutput, RecallRecord } from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import type { Operations } from '../operations.ts';
import type { CallOptions } from '../transport/transport.ts';

/** Recalls that the own party has to act on. */
export type Recalls = Operations['recalls'] & {
  /** Every open recall, the oldest first, page by page: `for await (const recall of recalls.open())`. */
  open(options?: CallOptions): AsyncIterable<RecallRecord>;
};

export const recallsOver = (operations: Operations['recalls']): Recalls => ({
  ...operations,
  open: (options) => openRecalls(operations.list, options),
});

const pageSize = 100;

async function* openRecalls(
  list: Operations['recalls']['list'],
  options?: CallOptions,
): AsyncGenerator<RecallRecord> {
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const page: OpOutput<'recalls.list'> = await list(
      { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) },
      options,
    );
    yield* page.recalls.filter(isOpen);
    cursor = page.next;
    // A cursor that comes back would be read for ever.
    if (cursor !== undefined && cursors.has(cursor)) throw new RecourseError('answer-invalid');
    cursors.add(cursor ?? '');
  } while (cursor !== undefined);
}

const isOpen = ({ acknowledged, supersededBy }: RecallRecord): boolean =>
  acknowledged === undefined && supersededBy === undefined;
