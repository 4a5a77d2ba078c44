import { bounds } from '@recourse/registry';
import { describe, expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { assertNode } from '../node-version.ts';

const code = (run: () => unknown): unknown => {
  try {
    run();
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

test('without an environment it is a sandbox on loopback, in .recourse', () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 4800,
    origin: 'http://localhost:4800',
    mode: 'sandbox',
    init: false,
  });
  expect(config.dataDir).toMatch(/\.recourse$/);
  expect(config.keysDir).toBe(`${config.dataDir}/keys`);
  expect(config.databaseUrl).toBeUndefined();
});

test('the origin follows the port', () => {
  expect(readConfig({ RECOURSE_PORT: '4900' }).origin).toBe('http://localhost:4900');
});

describe('what an environment cannot say is refused by name', () => {
  test.each([
    ['RECOURSE_PORT', '0'],
    ['RECOURSE_PORT', '65536'],
    ['RECOURSE_PORT', '80x'],
    ['RECOURSE_PORT', '-1'],
    ['RECOURSE_MODE', 'Production'],
    ['RECOURSE_ROLE', 'both'],
    ['RECOURSE_ROLE', 'worker'],
    ['RECOURSE_ORIGIN', 'registry.example'],
    ['RECOURSE_ORIGIN', 'https://registry.example/path'],
    ['RECOURSE_ORIGIN', 'ftp://registry.example'],
    ['RECOURSE_CONCURRENCY', '0'],
    ['RECOURSE_TRUSTED_PROXIES', 'proxy.internal'],
    ['RECOURSE_TRUSTED_PROXIES', '10.0.0.0/99'],
    ['DATABASE_URL', 'mysql://root:hunter2@db/x'],
  ])('%s=%s', (name, value) => {
    const read = (): unknown => readConfig({ [name]: value });
    expect(code(read)).toBe('config_invalid');
    expect(read).toThrow(name);
    expect(read).not.toThrow('hunter2');
  });

  test('the seed both from a file and by a command', () => {
    const env = { RECOURSE_OPRF_SEED_FILE: 'seed', RECOURSE_OPRF_COMMAND: 'cat seed' };
    expect(code(() => readConfig(env))).toBe('config_invalid');
  });

  test('an unknown option', () => {
    expect(code(() => readConfig({}, ['--help']))).toBe('config_invalid');
    expect(code(() => readConfig({}, ['--role']))).toBe('config_invalid');
    const env = { RECOURSE_ROLE: 'api', DATABASE_URL: 'postgres://s:p@db/x' };
    const { init, role } = readConfig(env, ['--role', 'worker', '--init']);
    expect([init, role, readConfig(env).role, readConfig({}).role]).toEqual([
      true,
      'worker',
      'api',
      'all',
    ]);
  });
});

test('an empty variable is as good as none', () => {
  expect(readConfig({ RECOURSE_PORT: '', RECOURSE_MODE: '', DATABASE_URL: '' })).toMatchObject({
    port: 4800,
    mode: 'sandbox',
  });
});

test('migrations run as the owner where one is given', () => {
  const env = { DATABASE_URL: 'postgres://s:p@db/x', DATABASE_OWNER_URL: 'postgres://o:p@db/x' };
  expect(readConfig(env).databaseOwnerUrl).toBe('postgres://o:p@db/x');
  expect(readConfig({ DATABASE_URL: 'postgres://s:p@db/x' }).databaseOwnerUrl).toBe(
    'postgres://s:p@db/x',
  );
});

test('a Node that is too old is told how to get a newer one', () => {
  expect(code(() => assertNode('22.18.0'))).toBe('node_too_old');
  expect(code(() => assertNode('24.0.0'))).toBe('accepted');
});

test('deadlines leave their bounds in a sandbox only', () => {
  const short = { RECOURSE_HOLD_HOURS: '0.01' };
  expect(readConfig(short).deadlines.holdHours).toBe(0.01);
  expect(readConfig({}).deadlines.holdHours).toBe(72);
  const production = (env: Record<string, string>) => (): unknown =>
    readConfig({ ...env, RECOURSE_MODE: 'production' });
  expect(code(production(short))).toBe('config_invalid');
  expect(production(short)).toThrow('RECOURSE_HOLD_HOURS takes a number from 72 to 336');
  expect(code(production({ RECOURSE_RECALL_HOURS: '24' }))).toBe('accepted');
  expect(code(() => readConfig({ RECOURSE_HOLD_HOURS: 'soon' }))).toBe('config_invalid');
});

test.each(Object.entries(bounds))(
  'a registry does not start with %s out of bounds',
  (name, bound) => {
    const variable = `RECOURSE_${name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`;
    const start = (value: number) => (): unknown =>
      readConfig({ [variable]: String(value), RECOURSE_MODE: 'production' });
    expect([code(start(bound.floor)), code(start(bound.ceiling))]).toEqual([
      'accepted',
      'accepted',
    ]);
    for (const value of [bound.floor - 0.5, bound.ceiling + 0.5]) {
      expect(code(start(value))).toBe('config_invalid');
      expect(start(value)).toThrow(
        `${variable} takes a number from ${bound.floor} to ${bound.ceiling}`,
      );
    }
  },
);

describe('what outlives the database', () => {
  const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const witness = 'w.example/w1+00000000+BAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g';

  test('a witness of the operator has an address and a key, or is none', () => {
    expect(readConfig({}).ownWitness).toBeUndefined();
    expect(code(() => readConfig({ RECOURSE_WITNESS_URL: 'http://10.0.0.9:8470' }))).toBe(
      'config_invalid',
    );
    expect(code(() => readConfig({ RECOURSE_WITNESS_KEY: key }))).toBe('config_invalid');
  });

  test.each([
    ['http://10.0.0.9:8470', key],
    ['http://10.0.0.9:8470', witness],
    ['http://10.0.0.9:8470', 'no key'],
    ['ftp://10.0.0.9', key],
    ['http://user@10.0.0.9', key],
  ])('%s with %s is refused: a key of a log, a wrong id, no key, no address', (url, named) => {
    const env = { RECOURSE_WITNESS_URL: url, RECOURSE_WITNESS_KEY: named };
    expect(code(() => readConfig(env))).toBe('config_invalid');
  });

  test('the shared folder is named as it is', () => {
    expect(readConfig({ RECOURSE_CHECKPOINTS_DIR: '/srv/log' }).checkpointsDir).toBe('/srv/log');
    expect(readConfig({ RECOURSE_CHECKPOINTS_DIR: '' }).checkpointsDir).toBeUndefined();
  });
});
