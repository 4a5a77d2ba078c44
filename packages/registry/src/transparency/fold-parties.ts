import { hashText, jcs, type Json } from '@recourse/protocol';
import { textOf, type ReadEntry } from '../ledger/doctor/comparison.ts';
import { monthOf } from './periods.ts';
import { standing, type Happening, type Tally } from './tally.ts';

interface Reviewer {
  readonly termUntil: string | null;
  readonly affiliations: number;
}

/** What public entries say of parties and of the panel, read in the order of the log. */
export class PartyFold {
  readonly #tally: Tally;
  readonly #owners = new Map<string, Json>();
  readonly #reviewers = new Map<string, Reviewer>();

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  take({ type, at, detail }: Pick<ReadEntry, 'type' | 'at' | 'detail'>): void {
    const party = textOf(detail['party']);
    const count = (of: Partial<Happening> & { figure: string }): void =>
      this.#tally.add({ party, reason: null, period: monthOf(at), ...of });
    if (type === 'party-objected') count({ figure: 'party.objected' });
    if (type === 'party-left') count({ figure: 'party.left' });
    if (type === 'authority-demand') this.#demand(party, detail);
    if (type === 'party-registered')
      this.#owners.set(party, ownersIn(detail['registration'] ?? null));
    if (type === 'reviewer-added') this.#reviewers.set(textOf(detail['holder']), reviewer(detail));
    if (type === 'reviewer-removed') this.#reviewers.delete(textOf(detail['holder']));
  }

  /** What is so at an instant. */
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

  #demand(party: string, detail: ReadEntry['detail']): void {
    for (const name of ['received', 'complied', 'refused']) {
      this.#tally.add({
        figure: `demand.${name}`,
        party,
        reason: null,
        period: textOf(detail['quarter']),
        n: Number(detail[name]),
      });
    }
  }
}

const ownersIn = (registration: Json): Json =>
  registration !== null && typeof registration === 'object' && !Array.isArray(registration)
    ? (registration['owners'] ?? null)
    : null;

const reviewer = ({ termUntil, affiliations }: ReadEntry['detail']): Reviewer => ({
  termUntil: typeof termUntil === 'string' ? termUntil : null,
  affiliations: Array.isArray(affiliations) ? affiliations.length : 0,
});

/** Compared as a whole: other owners are another figure. */
export const ownersFigure = (party: string, owners: Json): Happening => ({
  figure: `owners.${hashText(jcs(owners))}`,
  party,
  reason: null,
  period: standing,
});

export const panelFigures = (of: { reviewers: number; affiliations: number }): Happening[] => [
  { figure: 'panel.reviewers', party: null, reason: null, period: standing, n: of.reviewers },
  { figure: 'panel.affiliations', party: null, reason: null, period: standing, n: of.affiliations },
];
