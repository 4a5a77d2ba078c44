import type { RuleChapter } from './rule.ts';

const testsIn = (file: string, titles: readonly string[]) =>
  titles.map((title) => ({ file: `packages/registry/tests/${file}`, title }));
const tests = (...titles: string[]) => testsIn('rotation.test.ts', titles);
const marks = (...titles: string[]) => testsIn('rotation-marks.test.ts', titles);

export const epochRules: RuleChapter = {
  title: 'Rotating the key of tokens',
  rules: [
    {
      rule: 'A key of tokens is announced by two operators, in the public log, a day before it is used; each is used for 90 days or more, and two at most.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/tables-epochs.ts', 'epochGuards'],
      constraints: ['rotations_announced', 'rotations_overlap', 'rotations_in_order'],
      tests: tests(
        'is announced by two holders, in the ledger, a day before the key is used',
        'follows the one before by 90 days, also by SQL',
      ),
    },
    {
      rule: 'A record that is given no tokens of the next epoch ends when its own closes, whether or not any job ran, and everyone who was told of it undoes; new tokens do not bring it back.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/life.ts', 'endsOfMembership'],
      tests: tests(
        'ends when its epoch closes, whether or not any job ran, and whoever was told undoes',
        'ends once and for all: new tokens bring it back to nobody',
        'takes with it what evades it',
      ),
    },
    {
      rule: 'New tokens are of the same identifiers: as many, of the same kinds and proofs, at the same places; while the older tokens can still be made, the registry compares them with those that it has.',
      heldBy: 'code',
      where: ['packages/registry/src/tokens/retokenisation.ts', 'refuseRetokenisation'],
      tests: tests('twice, and of a record that is not the own'),
    },
    {
      rule: 'What was reversed or withdrawn does not come back by a rotation: until it can be compared, its submitter records nothing of the same reason about conduct before that end.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/subject-rules.ts', 'leftBehind'],
      tests: marks(
        'retokenised, it is known again; left behind, nothing like it is taken until it is',
        'later conduct is taken, and so is that of another platform',
      ),
    },
    {
      rule: 'An echo stays one under every key: what a platform was told makes one of what it records after the rotation, too.',
      heldBy: 'code',
      where: ['packages/registry/src/tokens/store.ts', 'carryChecked'],
      tests: marks(
        'an echo stays one, and what a check told makes one after the rotation',
        'a record on what was asked beside a match is an echo after the rotation, too',
      ),
    },
  ],
};
