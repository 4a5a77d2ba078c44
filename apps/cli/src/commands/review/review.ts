import { group } from '../../command.ts';
import { askCommand, decideCommand, gistCommand, recuseCommand, relieveCommand } from './decide.ts';
import { evidenceCommand, fileCommand, recheckCommand } from './evidence.ts';
import { getCommand } from './get.ts';
import { countersignCommand, itemsCommand, noticeCommand, voteCommand } from './items.ts';
import { queueCommand, takeCommand } from './take.ts';

/** The side of a reviewer. */
export const reviewCommand = group({
  name: 'review',
  about: 'the panel: take a case, open its evidence, ask, decide; needs a reviewer key',
  commands: [
    queueCommand,
    takeCommand,
    getCommand,
    evidenceCommand,
    recheckCommand,
    fileCommand,
    askCommand,
    gistCommand,
    relieveCommand,
    recuseCommand,
    decideCommand,
    noticeCommand,
    countersignCommand,
    itemsCommand,
    voteCommand,
  ],
});
