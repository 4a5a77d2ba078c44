import { z } from 'zod';
import { panelKinds, panelOutcomes } from '../panel.ts';
import { timestamp } from '../schemas.ts';
import { aboutSanction, id, isPublic, number, word } from './define.ts';

const item = id('itm');
const party = id('plt');
/** As they were signed */
const votes = z.array(z.string());

/** Questions to the panel about one record. */
export const caseItemEntries = {
  'panel-asked': aboutSanction({
    item,
    kind: word,
    party,
    by: party.optional(),
    place: number.optional(),
    ground: word.optional(),
    changedAt: timestamp.optional(),
  }),
  'panel-answered': aboutSanction({ item, by: word, outcome: word.optional(), votes }),
};

/** Questions to the panel about parties. */
export const panelEntries = {
  'panel-opened': isPublic({
    item,
    kind: z.enum(panelKinds),
    party,
    dueAt: timestamp,
    /** The item that suspended, where this one is an appeal against it */
    about: item.optional(),
    decided: number.optional(),
    reversed: number.optional(),
    reversedIn90Days: number.optional(),
    /** The undisclosed group, and who says so */
    group: z.string().optional(),
    by: party.optional(),
  }),
  'panel-closed': isPublic({
    item,
    kind: z.enum(panelKinds),
    party,
    by: z.enum(['votes', 'deadline']),
    outcome: z.enum(panelOutcomes),
    /** How many cases were struck */
    struck: number.optional(),
    votes,
  }),
};
