import process from 'node:process';

/** A program that takes all it gets of a core, until who started it says so or is gone. */
process.once('disconnect', () => process.exit());

const sliceMs = 50;

function turn(): void {
  const until = performance.now() + sliceMs;
  while (performance.now() < until);
  setImmediate(turn);
}

turn();
