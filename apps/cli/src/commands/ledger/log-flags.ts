import type { Command } from 'commander';

/** Says whose ledger is meant, and what is believed about it. */
export const withLogFlags = (command: Command): Command =>
  command
    .option('--registry <url>', 'its origin; with --key, and no profile is needed')
    .option(
      '--key <key>',
      'the ledger key to believe, host/ledger+id+base64, or its fingerprint as in an invite',
    )
    .option('--policy <fingerprint>', 'of the witness policy to believe, as in an invite');

/** `withLogFlags` for what goes on from an earlier run. */
export const withStateFlag = (command: Command): Command =>
  withLogFlags(command).option(
    '--state <file>',
    'what is kept between runs: how far it was read, and the newest checkpoint',
  );
