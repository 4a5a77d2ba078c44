import process from 'node:process';

/**
 * The environment of a process that a test starts as a stranger would: programs, no home, what others compiled before
 * it, and the day on which the test begins.
 */
export const bareEnvironment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
  NODE_OPTIONS: process.env['NODE_OPTIONS'] ?? '',
});
