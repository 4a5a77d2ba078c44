import {
  looksWithoutAsking,
  steadyShare,
  surplusBuckets,
  surplusEmpties,
  windowElements,
} from '@recourse/registry';

const end = '<!-- end -->';

/** The shares of a published set: between 2^-7 and 2^-6 of unlisted identifiers hit. */
const shares = [1 / 128, 1 / 100, 1 / 64];

/** `docs/alarms.md` with its tables as the rules have them; what stands around them is left as it is. */
export const alarmsPage = (current: string): string =>
  [['windows', lookers()] as const, ['surplus', enumerators()] as const].reduce(
    (text, [name, rows]) => {
      const begin = `<!-- Written by scripts/alarm-table.ts: ${name} -->`;
      const [before = '', rest = ''] = text.split(begin);
      return [before + begin, '', ...rows, '', rest.slice(rest.indexOf(end))].join('\n');
    },
    current,
  );

/** How often a member that asks about a part of its hits is stopped by one window. */
function lookers(): string[] {
  return table(
    ['asks about', ...shares.map((share) => `${percent(share)} hit`)],
    [1, 0.95, 0.9, 0.75, 0.5, 0.4, 0.25, 0.1].map((asks) => [
      percent(asks),
      ...shares.map((share) => probability(stoppedByWindow(share, asks))),
    ]),
  );
}

/** At the smallest share, where chance says most. */
function enumerators(): string[] {
  const [share = 1] = shares;
  return table(
    [
      'bucket',
      'honest member stopped in a year',
      'days until stopped, at 60 %',
      'at 75 %',
      'at 100 %',
    ],
    [80, 800, 8_000, 80_000, 800_000].map((bucket) => [
      String(bucket),
      probability(honestStopped(bucket, share)),
      ...[0.6, 0.75, 1].map((use) => String(daysUntilStopped(use, { bucket, share }))),
    ]),
  );
}

function stoppedByWindow(share: number, asks: number): number {
  const expected = windowElements * share;
  let sum = 0;
  for (let empty = 0; looksWithoutAsking({ elements: windowElements, expected, empty }); empty++) {
    sum += binomial(empty, { n: windowElements, p: share * asks });
  }
  return sum;
}

/** A usual day of three identifiers a declared signup; once in the year all that the bucket gives within a day. */
const usual = 3 / 8;
const badDay = 2;
const year = 365;

/**
 * No more than this: by every first day of a surplus, and every length of it, the day of its last match bringing all of
 * them at once.
 */
function honestStopped(bucket: number, share: number): number {
  const inSet = bucket * share;
  const bound = surplusBuckets * inSet + surplusEmpties;
  let sum = 0;
  for (let days = 1; days <= year; days++) {
    const mean = inSet * (badDay - usual + usual * days);
    sum += poissonAbove(bound + steadyShare * inSet * (days - 1), mean);
  }
  return Math.min(1, year * sum);
}

/** On average: a full bucket at first, then that part of one every day. */
function daysUntilStopped(
  use: number,
  { bucket, share }: { bucket: number; share: number },
): number {
  const surplus = (surplusBuckets - 1) * bucket + surplusEmpties / share;
  return Math.ceil(surplus / ((use - steadyShare) * bucket));
}

const binomial = (k: number, { n, p }: { n: number; p: number }): number =>
  Math.exp(
    logFactorial(n) -
      logFactorial(k) -
      logFactorial(n - k) +
      k * Math.log(p) +
      (n - k) * Math.log1p(-p),
  );

/** The probability of more than `bound`; what is beyond a thousand terms adds nothing that is printed. */
function poissonAbove(bound: number, mean: number): number {
  const first = Math.floor(bound) + 1;
  let sum = 0;
  for (let k = first; k < first + 1_000; k++) {
    sum += Math.exp(k * Math.log(mean) - mean - logFactorial(k));
  }
  return sum;
}

const logFactorials = [0];
function logFactorial(n: number): number {
  for (let k = logFactorials.length; k <= n; k++) {
    logFactorials.push((logFactorials.at(k - 1) ?? 0) + Math.log(k));
  }
  return logFactorials.at(n) ?? 0;
}

const percent = (part: number): string => `${Number((part * 100).toFixed(2))} %`;

function probability(p: number): string {
  if (p < 1e-12) return '< 10^-12';
  return p < 0.001 ? p.toExponential(1) : percent(p);
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
