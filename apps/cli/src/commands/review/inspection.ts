import type { OpOutput } from '@recourse/protocol';
import { command, group } from '../../command.ts';
import { opCommand } from '../../op-command.ts';
import { printableText, type Terminal } from '../../terminal.ts';
import { evidenceTable, printQuestions } from '../appeals.ts';
import { id } from '../ids.ts';
import { creatorFile, disputedItem, keepFile, opening, showOpened } from './evidence.ts';
import { unlessNone } from './take.ts';

const take = command(
  {
    name: 'take',
    about: 'take the one that is due first, with a fresh key that evidence is sealed to',
  },
  async (_, { terminal, connect }) => {
    const taken = await unlessNone((await connect()).inspections.take());
    terminal.result({ taken }, () => {
      if (taken === null) return terminal.line('Nothing waits that you could take.');
      terminal.line(`${taken.item} (${taken.why}) is yours; its evidence was asked for.`);
      terminal.line(`Read it: recourse review inspection get ${taken.item}`);
    });
  },
);

const get = opCommand({
  op: 'inspections.get',
  about: 'what you judge by; of a decision that is made again, without that decision',
  args: { inspection: id('itm') },
  input: ({ inspection: item }) => ({ item }),
  print,
});

type Inspection = OpOutput<'inspections.get'>;

function print(found: Inspection, terminal: Terminal): void {
  terminal.table(
    ['', ''],
    [
      ['inspection', found.item],
      ['sanction', found.sanction],
      ['why', found.why],
      ['reason', found.reason],
      ['evidence due', found.evidenceDueAt ?? ''],
    ],
  );
  terminal.line(`\nThe submitter's account\n${printableText(found.account)}`);
  if (found.appeal) printAppeal(found.appeal, terminal);
  terminal.line();
  evidenceTable(found.evidence, terminal);
  terminal.line('Does it stand? recourse review vote INSPECTION --outcome passed, or failed');
}

function printAppeal(appeal: NonNullable<Inspection['appeal']>, terminal: Terminal): void {
  terminal.line(`\nThe creator says (${appeal.ground})\n${printableText(appeal.words)}`);
  if (appeal.news !== undefined) terminal.line(`\nWhat is new\n${printableText(appeal.news)}`);
  for (const { at, text } of appeal.information) {
    terminal.line(`\nAdded ${at}\n${printableText(text)}`);
  }
  if (appeal.response?.text !== undefined) {
    terminal.line(`\nThe submitter stands by it\n${printableText(appeal.response.text)}`);
  }
  printQuestions(appeal.questions, terminal);
  if (appeal.files.length === 0) return;
  terminal.line('\nFiles of the creator: recourse review inspection file INSPECTION N --out FILE');
  terminal.table(
    ['n', 'name', 'type', 'bytes'],
    appeal.files.map(({ file, name, mediaType, bytes }) => [file, name, mediaType, bytes]),
  );
}

const evidence = command(
  {
    name: 'evidence',
    about: 'open what was delivered, and say of each item whether its digest fits',
    args: { inspection: id('itm') },
    flags: opening,
  },
  async ({ inspection: item, out, dispute: place }, { terminal, connect }) => {
    const { inspections, evidence: exchange } = await connect();
    if (place === undefined) {
      const next = `All fit: recourse review vote ${item} --outcome passed, or failed`;
      return showOpened(terminal, { items: await inspections.open(item), out, next });
    }
    const disputed = await exchange.dispute({ appeal: item, item: place });
    return terminal.result(disputed, () => terminal.line(disputedItem(place)));
  },
);

const file = command(
  {
    name: 'file',
    about: 'a file that the creator added to the appeal',
    args: { inspection: id('itm'), ...creatorFile.args },
    flags: creatorFile.flags,
  },
  async ({ inspection: item, n, out }, { terminal, connect }) =>
    keepFile(terminal, await (await connect()).inspections.file({ item, file: n }), out),
);

/** Records that are examined without an appeal, and decisions that are made again: voted on by `review vote`. */
export const inspectionCommand = group({
  name: 'inspection',
  about: 'examine a record that nobody appealed, or decide an appeal again',
  commands: [take, get, evidence, file],
});
