import { expect, test } from 'vitest';
import { plays } from '../src/plays/plays.ts';
import { runPlays, testPlays } from './run-plays.ts';

// The other half is in `plays-more.slow.test.ts`: two files are played at once.
testPlays(plays.filter((_, at) => at % 2 === 0));

test('the command fails where a play is held that was expected to be open', async () => {
  const name = 'unwitnessed-notice';
  const { code, stdout } = await runPlays(name, '--open', name, '--json');
  const [line, ...more] = stdout.trimEnd().split('\n');
  expect(more).toEqual([]);
  expect(JSON.parse(line ?? '')).toMatchObject({ plays: [{ name, held: true }] });
  expect(code).toBe(1);
}, 300_000);

test('a play that does not exist is refused by name', async () => {
  const { code, stderr } = await runPlays('no-such-play');
  expect([code, stderr.split('\n')[0]]).toEqual([
    2,
    'There is no play no-such-play; --list names them.',
  ]);
});
