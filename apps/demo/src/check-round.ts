import { eachOf, percentiles, type Percentiles } from '@recourse/cli';
import type { Recourse } from '@recourse/sdk';

export interface CheckRound {
  readonly checked: number;
  /** Listed ones that matched, with the sanction that Harbour signed */
  readonly matched: number;
  /** Unlisted ones without a record */
  readonly silent: number;
  /** Number of these about whom the registry was asked */
  readonly asked: number;
  /** Positions alone: the names are somebody's */
  readonly wrong: readonly number[];
  readonly milliseconds: Percentiles;
}

export interface ExpectedMatch {
  readonly domain: string;
  /** The sanction it must match; none for an unlisted one */
  readonly sanction: string | undefined;
}

const concurrency = 4;

/** Checks one domain after another as a signup would. Every answer was verified by the SDK before it is looked at. */
export async function checkRound(
  recourse: Recourse,
  expected: readonly ExpectedMatch[],
  onCheck: (done: number) => void,
): Promise<CheckRound> {
  const wrong: number[] = [];
  const milliseconds: number[] = [];
  const counts = { matched: 0, silent: 0, asked: 0 };
  const signal = new AbortController().signal;
  await eachOf(
    expected.entries(),
    { concurrency, signal },
    async ([index, { domain, sanction }]) => {
      const begun = performance.now();
      const provenAt = recourse.session.transport.now();
      const result = await recourse.check({ domain }, { purpose: 'signup', provenAt });
      milliseconds.push(performance.now() - begun);
      const sanctions = result.matches.map((match) => match.sanction);
      const isRight =
        sanction === undefined ? sanctions.length === 0 : sanctions.join() === sanction;
      const proofs = result.from === 'registry' ? 2 : 1;
      if (!isRight || result.receipts.length !== proofs) wrong.push(index);
      else if (sanction === undefined) {
        counts.silent += 1;
        if (result.from === 'registry') counts.asked += 1;
      } else counts.matched += 1;
      onCheck(milliseconds.length);
    },
  );
  return { checked: expected.length, ...counts, wrong, milliseconds: percentiles(milliseconds) };
}
