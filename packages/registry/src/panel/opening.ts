import {
  newId,
  panelRules,
  toTimestamp,
  type Id,
  type EntryDetail,
  type PanelKind,
} from '@recourse/protocol';
import { dueAt } from '@recourse/protocol/review';
import type { TransitionContext } from '../records/transition-context.ts';
import { insertItem } from './store.ts';

/** What the panel is asked about a party, not about a record. */
export type PartyQuestion = Exclude<PanelKind, 'challenge'>;

export interface NewQuestion {
  readonly kind: PartyQuestion;
  readonly party: string;
  /** Of an appeal: the item that is appealed */
  readonly about?: Id<'itm'>;
  /** What the party is judged by, as it is published */
  readonly figures?: Omit<
    EntryDetail<'panel-opened'>,
    'item' | 'kind' | 'party' | 'dueAt' | 'about'
  >;
  /** From when on it can be decided; now where it is not given */
  readonly from?: Date;
}

/** Asks the panel about a party, in the open. Undefined where it is being asked, or was asked once for all. */
export async function openItem(
  { db, now, changes, services }: TransitionContext,
  { kind, party, about, figures, from }: NewQuestion,
): Promise<{ item: Id<'itm'>; dueAt: Date } | undefined> {
  const { votes, dueDays } = panelRules[kind];
  const item = newId('itm', { now, random: services.random });
  const due = dueAt(from ?? now, 24 * dueDays);
  const row = { id: item, kind, party, sanction: null, about: about ?? null, votes };
  if (!(await insertItem(db, { ...row, opened_at: now, due_at: due }))) return undefined;
  changes.public('panel-opened', {
    item,
    kind,
    party,
    dueAt: toTimestamp(due),
    ...(about === undefined ? {} : { about }),
    ...figures,
  });
  return { item, dueAt: due };
}
