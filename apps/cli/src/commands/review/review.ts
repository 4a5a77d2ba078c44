import { Command } from 'commander';
import type { Environment } from '../../environment.ts';
import { askCommand, gistCommand } from './ask.ts';
import { auditCommand } from './audit.ts';
import { countersignCommand } from './countersign.ts';
import { decideCommand } from './decide.ts';
import { evidenceCommand, recheckCommand, reviewFileCommand } from './evidence.ts';
import { getCommand } from './get.ts';
import { noticeCommand } from './notice.ts';
import { preferencesCommand } from './preferences.ts';
import { recuseCommand, relieveCommand } from './relieve.ts';
import { itemsCommand, voteCommand } from './items.ts';
import { queueCommand, takeCommand } from './take.ts';

/** The side of a reviewer. */
export function reviewCommand(environment: Environment): Command {
  const command = new Command('review').description(
    'the panel: take a case, open its evidence, ask, decide; needs a reviewer key',
  );
  const commands = [
    queueCommand,
    takeCommand,
    getCommand,
    evidenceCommand,
    recheckCommand,
    reviewFileCommand,
    askCommand,
    gistCommand,
    relieveCommand,
    recuseCommand,
    decideCommand,
    noticeCommand,
    preferencesCommand,
    countersignCommand,
    auditCommand,
    itemsCommand,
    voteCommand,
  ];
  for (const create of commands) command.addCommand(create(environment));
  return command;
}
