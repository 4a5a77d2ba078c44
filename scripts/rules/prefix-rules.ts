import type { RuleChapter } from './rule.ts';

const publish = 'packages/registry/tests/prefixes-publish.test.ts';
const races = 'packages/registry/tests/prefixes-races.test.ts';

export const prefixRules: RuleChapter = {
  title: 'What platforms look in before they ask',
  rules: [
    {
      rule: 'A platform looks in a set of beginnings of tokens, and asks about whoever is in it: of the others the registry is told nothing.',
      heldBy: 'code',
      where: ['packages/registry/src/prefixes/sync.ts'],
      tests: [{ file: publish, title: 'from its submission, while it is held, and until it ends' }],
    },
    {
      rule: 'No set tells a listed person from an unlisted one: it has so few bits of a token that about one in a hundred others has the same.',
      heldBy: 'database',
      where: ['prefixBits'],
      constraints: ['prefix_sets_width'],
      tests: [
        { file: races, title: 'publishes tokens in bulk' },
        {
          file: 'packages/registry/tests/prefixes-growth.test.ts',
          title: 'a set that grows over several widths misses no record, whoever looks meanwhile',
        },
      ],
    },
    {
      rule: 'A record that has ended is out of every set within a minute: the next version comes in ten seconds, and members ask every thirty.',
      heldBy: 'code',
      where: ['PrefixPublisher', 'publishEveryMs', 'minWaitSeconds'],
      tests: [
        { file: publish, title: 'from its submission, while it is held, and until it ends' },
        {
          file: 'packages/registry/src/prefixes/prefix-list.test.ts',
          title: 'a change is with every member within a minute',
        },
      ],
    },
    {
      rule: 'A record leaves the set when its time or that of an identifier is over, whether anybody wrote that down or not.',
      heldBy: 'code',
      where: ['liveSubjects', 'listedOf'],
      tests: [
        { file: publish, title: 'by time alone, before anybody writes that down, and once' },
        { file: publish, title: 'with a number whose 12 months are over' },
      ],
    },
    {
      rule: 'Ending one record does not hide another that shares its beginning, so that nobody gains by an early end.',
      heldBy: 'code',
      where: ['addCounts'],
      constraints: ['prefix_counts_positive'],
      tests: [{ file: publish, title: 'but not the prefix that it shares with another' }],
    },
    {
      rule: 'Every platform gets the same set, in versions that only rise, each signed and in the public log: nobody is given a list of their own.',
      heldBy: 'signature',
      where: ['prefixSetEntry'],
      constraints: ['prefix_versions_in_order', 'prefix_sets_grow'],
      tests: [
        {
          file: 'packages/registry/tests/prefixes-sync.test.ts',
          title: 'is the same bytes for every member, on every server',
        },
        {
          file: 'packages/registry/tests/prefixes-sync.test.ts',
          title: 'has a header by the set key, whose hash the ledger has',
        },
        { file: races, title: 'publishes a version before its turn' },
      ],
    },
  ],
};
