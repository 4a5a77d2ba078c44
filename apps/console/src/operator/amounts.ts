import { counted, sentence } from '../parts/words.ts';

type Counts = Readonly<Record<string, number>>;

/** Rows by table as sentences. A table of a newer registry stands at the end, by its name. */
export function amountsOf(counts: Counts): string[] {
  const said = new Set<string>();
  const of = (table: string, one: string, many: string): string => {
    said.add(table);
    return counted(counts[table] ?? 0, one, many);
  };
  const sentences = [
    `${of('parties', 'party has', 'parties have')} ${of('holders', 'person', 'people')} with ${of('keys', 'key', 'keys')}.`,
    `${of('enrolments', 'key waits', 'keys wait')} for an administrator, and operators proposed ${of('proposals', 'act', 'acts')}.`,
    `${of('sanctions', 'record is', 'records are')} kept, and ${of('ends', 'end', 'ends')} of records.`,
    `${of('checks', 'check', 'checks')} asked ${of('matches', 'question', 'questions')}, and were told ${of('disclosures', 'record', 'records')}.`,
    `Platforms were sent ${of('recalls', 'recall', 'recalls')}.`,
    `Calls were refused for ${of('refusals', 'reason', 'reasons')}, counted by party and day.`,
    `The log has ${of('ledger_signed', 'signed entry', 'signed entries')}, of which ${of('ledger_served', 'is', 'are')} served; ${of('ledger_pending', 'more waits', 'more wait')}.`,
  ];
  const others = Object.entries(counts).filter(([table]) => !said.has(table));
  return [
    ...sentences,
    ...others.map(([table, n]) => `${sentence(table)}: ${n.toLocaleString()}.`),
  ];
}
