import process from 'node:process';
import { readEnvironment } from './environment.ts';
import { runCli } from './program.ts';

// A reader that has seen enough, such as head, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2), readEnvironment(process.env, process));
