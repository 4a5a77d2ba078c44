import process from 'node:process';

/** How often to play what is drawn: in `npm run nightly` as often as it takes hours for, elsewhere so that it is found soon. */
export const rounds = (few: number, many: number): number =>
  process.env['RECOURSE_TEST_ROUNDS'] === 'many' ? many : few;
