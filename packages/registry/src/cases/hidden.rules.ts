import type { CaseView, HiddenWhile } from '@recourse/protocol';
import type { WayRow } from '../review/claimant-store.ts';

type PhoneWay = Pick<WayRow, 'by_phone' | 'number_since'>;

/**
 * Who comes by a code sent to a phone first says since when the number is theirs; if since the incident ended, what was
 * recorded is of somebody else, and stays hidden. Any other way shows it.
 */
export function hiddenFrom(ways: readonly PhoneWay[], incidentTo: Date): HiddenWhile | undefined {
  if (ways.length === 0 || ways.some(({ by_phone }) => !by_phone)) return undefined;
  const said = ways.map(({ number_since: since }) => since);
  if (said.some((since) => since !== null && since <= incidentTo)) return undefined;
  return said.includes(null) ? 'until-said' : 'recycled';
}

/** Leaves out what tells of whoever had the number before: also what a submitter or a reviewer wrote about them. */
export function withoutFacts(view: CaseView, hidden: HiddenWhile): CaseView {
  const { action, incidentFrom, incidentTo, subjects, isMinor } = view.facts;
  return {
    ...view,
    hidden,
    facts: { action, incidentFrom, incidentTo, subjects, ...(isMinor ? { isMinor } : {}) },
    appeals: view.appeals.map(({ response, ...appeal }) => ({
      ...withoutReasons(appeal),
      ...(response ? { response: { at: response.at } } : {}),
      questions: appeal.questions.filter(({ kind }) => kind !== 'gist'),
    })),
    inspections: view.inspections.map(withoutReasons),
    ...(view.panel ? { panel: view.panel.map((item) => ({ ...item, reasons: [] })) } : {}),
  };
}

function withoutReasons<T extends { reasons?: string | undefined }>(one: T): T {
  const kept = { ...one };
  delete kept.reasons;
  return kept;
}
