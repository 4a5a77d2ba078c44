import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheDir, readEnvironment } from './environment.ts';

const terminal = {
  stdout: { isTTY: true, columns: 80 },
  stderr: { isTTY: true },
};
const pipe = { stdout: {}, stderr: {} };

describe('colours', () => {
  it('only on a terminal', () => {
    expect(readEnvironment({}, terminal).colour).toEqual({ stdout: true, stderr: true });
    expect(readEnvironment({}, pipe).colour).toEqual({ stdout: false, stderr: false });
    const mixed = { ...terminal, stdout: {} };
    expect(readEnvironment({}, mixed).colour).toEqual({ stdout: false, stderr: true });
  });

  it('never with NO_COLOR, or on a dumb terminal', () => {
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      expect(readEnvironment(env, terminal).colour).toEqual({ stdout: false, stderr: false });
    }
    expect(readEnvironment({ NO_COLOR: '' }, terminal).colour.stdout).toBe(true);
  });
});

describe('the config file', () => {
  it('is where XDG says', () => {
    const { configFile, profile } = readEnvironment(
      { XDG_CONFIG_HOME: '/x', RECOURSE_PROFILE: 'a' },
      pipe,
    );
    expect([configFile, profile]).toEqual(['/x/recourse/config.json', 'a']);
    expect(readEnvironment({}, pipe).configFile).toMatch(/\.config\/recourse\/config\.json$/);
  });
});

it('compiled code is kept where XDG says, and nobody else writes', () => {
  expect(cacheDir({ XDG_CACHE_HOME: '/x' })).toBe('/x/recourse');
  expect(cacheDir({})).toBe(join(homedir(), '.cache/recourse'));
});
