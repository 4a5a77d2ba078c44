import { hashText, jcs, readEntry, type EntryReaders, type Json } from '@recourse/protocol';
import type { ReadEntry } from '../entries/comparison.ts';
import { monthOf } from './periods.ts';
import { standing, type Happening, type Tally } from './tally.ts';
import type { FoldedReviewer, FoldPlace } from '../../schema/report-fold.ts';

type KeptParties = Pick<FoldPlace, 'owners' | 'reviewers'>;

/** Counts what public entries say of parties and of the panel, read in the order of the log. */
export class PartyFold {
  readonly #tally: Tally;
  readonly #owners: Map<string, Json>;
  readonly #reviewers: Map<string, FoldedReviewer>;

  /** @param kept what {@link kept} said after the entries before */
  constructor(tally: Tally, { owners, reviewers }: KeptParties = { owners: {}, reviewers: {} }) {
    this.#tally = tally;
    this.#owners = new Map(Object.entries(owners));
    this.#reviewers = new Map(Object.entries(reviewers));
  }

  get kept(): KeptParties {
    return {
      owners: Object.fromEntries(this.#owners),
      reviewers: Object.fromEntries(this.#reviewers),
    };
  }

  take(entry: Pick<ReadEntry, 'type' | 'at' | 'detail'>): void {
    readEntry(this.#readers, entry);
  }

  readonly #readers: EntryReaders<Pick<ReadEntry, 'type' | 'at' | 'detail'>, void> = {
    'party-objected': ({ party }, { at }) =>
      this.#tally.add({ figure: 'party.objected', party, reason: null, period: monthOf(at) }),
    'party-left': ({ party }, { at }) =>
      this.#tally.add({ figure: 'party.left', party, reason: null, period: monthOf(at) }),
    'panel-closed': ({ party, struck: n = 0 }, { at }) => {
      if (n === 0) return;
      this.#tally.add({ figure: 'party.struck', party, reason: null, period: monthOf(at), n });
    },
    'authority-demand': ({ party, quarter: period, ...counts }) => {
      for (const name of ['received', 'complied', 'refused'] as const) {
        const figure = `demand.${name}`;
        this.#tally.add({ figure, party, reason: null, period, n: counts[name] });
      }
    },
    'party-registered': ({ party, registration: { owners = [] } }) => {
      this.#owners.set(party, owners);
    },
    'reviewer-added': ({ holder, termUntil, affiliations }) => {
      this.#reviewers.set(holder, { termUntil, affiliations: affiliations.length });
    },
    'reviewer-removed': ({ holder }) => {
      this.#reviewers.delete(holder);
    },
  };

  /** Counts what is so at an instant. */
  finish(now: string): void {
    for (const [party, owners] of this.#owners) {
      if (Array.isArray(owners)) this.#tally.add(ownersFigure(party, owners));
    }
    const sitting = [...this.#reviewers.values()].filter(
      ({ termUntil }) => termUntil === null || termUntil > now,
    );
    const affiliations = sitting.reduce((sum, one) => sum + one.affiliations, 0);
    for (const one of panelFigures({ reviewers: sitting.length, affiliations }))
      this.#tally.add(one);
  }
}

/** Compared as a whole: other owners are another figure. */
export const ownersFigure = (party: string, owners: Json): Happening => ({
  figure: `owners.${hashText(jcs(owners))}`,
  party,
  reason: null,
  period: standing,
});

export const panelFigures = ({
  reviewers,
  affiliations,
}: {
  reviewers: number;
  affiliations: number;
}): Happening[] => [
  { figure: 'panel.reviewers', party: null, reason: null, period: standing, n: reviewers },
  { figure: 'panel.affiliations', party: null, reason: null, period: standing, n: affiliations },
];
