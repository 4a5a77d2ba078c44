import type { Hand } from './hand.ts';
import type { Month } from './month.ts';

/** What stood at the desks before anything was played. */
export interface Books {
  readonly harbour: number;
  readonly tubely: number;
  readonly recalls: number;
  /** Appeals that were decided on records of Harbour, and those that were reversed */
  readonly decided: Decided;
}

interface Decided {
  readonly decided: number;
  readonly reversed: number;
}

export async function openBooks({ maud, tom }: Month): Promise<Books> {
  return {
    harbour: await rowsOf(maud, 'Records'),
    tubely: await rowsOf(tom, 'Records'),
    recalls: await rowsOf(tom, 'Recalls'),
    decided: await decidedOf(maud),
  };
}

/** What was done is at the desks, every record, notice, appeal and recall of it. Maud's browser is never lost. */
export async function closeBooks(month: Month, before: Books): Promise<void> {
  const { deeds, maud, tom, counts, byHand, imports } = month;
  const half = byHand.length / 2;
  const books: readonly (readonly [string, number, () => Promise<number>])[] = [
    [
      'records that Harbour’s desk lists',
      Math.ceil(half) + imports.hanna.length,
      async () => (await rowsOf(maud, 'Records')) - before.harbour,
    ],
    [
      'records that Tubely’s desk lists',
      Math.floor(half) + imports.tom.length,
      async () => (await rowsOf(tom, 'Records')) - before.tubely,
    ],
    [
      'creators who have a mail',
      byHand.length + imports.hanna.length + imports.tom.length,
      () => mailedOf(month),
    ],
    [
      'decisions that Harbour’s desk counts',
      counts.appeals,
      async () => (await decidedOf(maud)).decided - before.decided.decided,
    ],
    [
      'reversals that Harbour’s desk counts',
      counts.appeals,
      async () => (await decidedOf(maud)).reversed - before.decided.reversed,
    ],
    [
      'recalls that Tubely’s desk lists',
      counts.recalls,
      async () => (await rowsOf(tom, 'Recalls')) - before.recalls,
    ],
  ];
  for (const [title, wanted, seen] of books) {
    await deeds.play(title, wanted, async (done) => {
      const count = await seen();
      if (count !== wanted) throw new Error(`${count} in place of ${wanted}`);
      done(count);
    });
  }
}

/** How long a list is, to its end. */
async function rowsOf(by: Hand, list: 'Records' | 'Recalls'): Promise<number> {
  await by.wake();
  await by.click('link', list, { exact: true });
  await by.at(list);
  const main = by.page.getByRole('main');
  const rows = main.getByRole('row').filter({ has: by.page.getByRole('cell') });
  await rows.first().or(by.reads('You have no recalls.')).first().waitFor();
  const more = by.find('button', 'Show more');
  while (await more.isVisible()) {
    const shown = await rows.count();
    await by.click('button', 'Show more');
    await rows.nth(shown).waitFor();
  }
  return await rows.count();
}

async function decidedOf(by: Hand): Promise<Decided> {
  await by.wake();
  await by.click('link', /^Standing/);
  const said = await by.reads(/reviewers decided/).innerText();
  const [, decided, reversed] =
    /decided ([\d,]+) appeals? .* reversed ([\d,]+)/.exec(said.replaceAll(/\s+/g, ' ')) ?? [];
  return { decided: numberOf(decided), reversed: numberOf(reversed) };
}

const numberOf = (text = ''): number => Number(text.replaceAll(/\D/g, '') || Number.NaN);

async function mailedOf({ people, outside, byHand, imports }: Month): Promise<number> {
  await people.toStart(outside);
  await outside.click('link', 'All that would have been sent');
  await outside.at('Outbox');
  const mails = await outside.page.getByRole('main').innerText();
  const to = new Set(Array.from(mails.matchAll(/^To (\S+@mail\.example)/gm), ([, one]) => one));
  return [...byHand, ...imports.hanna, ...imports.tom].filter((one) => to.has(one)).length;
}
