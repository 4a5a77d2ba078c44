import { group } from '../command.ts';
import { opCommand } from '../op-command.ts';
import { text } from '../options.ts';
import { packed } from './evidence.ts';
import { id } from './ids.ts';

const whys = {
  drawn: 'drawn by the ledger',
  probation: 'one of your first',
  're-examination': 'you are suspended',
  leaving: 'you leave',
  decision: 'its decision is made again',
  asked: 'you asked that its reversal be decided again',
} as const;

const list = opCommand({
  op: 'inspections.list',
  about: 'the open ones, with what is missing and until when',
  print: ({ inspections }, terminal) => {
    if (inspections.length === 0) return terminal.line('None of your records is examined.');
    terminal.table(
      ['inspection', 'sanction', 'why', 'reviewer', 'evidence due', 'missing'],
      inspections.map(({ item, sanction, why, claim, evidenceDueAt, evidence }) => [
        item,
        sanction,
        whys[why],
        claim === undefined ? 'none yet' : 'has a key',
        evidenceDueAt ?? '',
        missingIn(evidence) || 'nothing',
      ]),
    );
    if (
      inspections.some(({ claim, evidence }) => claim !== undefined && missingIn(evidence) !== '')
    )
      terminal.line('Deliver it: recourse inspections deliver INSPECTION --pack DIR');
  },
});

const missingIn = (
  evidence: readonly { readonly item: number; readonly delivered: boolean }[],
): string => evidence.flatMap(({ item, delivered }) => (delivered ? [] : [item])).join(', ');

const deliver = opCommand({
  op: 'inspections.deliver',
  about: 'seal a pack to the reviewer and deliver it; what does not fit never leaves',
  args: { inspection: id('itm') },
  flags: { pack: text('dir', 'as recourse evidence pack made it') },
  input: ({ inspection, pack }) => ({ item: inspection, evidence: packed(pack) }),
  print: ({ places, missing }, terminal) => {
    terminal.line(`Delivered ${places.length}: ${places.join(', ')}.`);
    if (missing.length > 0) terminal.line(`Still missing: ${missing.join(', ')}.`);
  },
});

export const inspectionsCommand = group({
  name: 'inspections',
  about: 'your own records that a reviewer examines without an appeal, or once more',
  commands: [list, deliver],
});
