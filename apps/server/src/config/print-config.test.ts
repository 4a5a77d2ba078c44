import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configOf } from './config.ts';
import { printConfig } from './print-config.ts';
import { Settings, withoutPassword, type Environment } from './settings.ts';

function printed(env: Environment, ...args: string[]): { code: number; text: string } {
  let text = '';
  const out = { write: (more: string) => void (text += more) };
  return { code: printConfig({ env, args, out }), text };
}

const valueOf = (env: Environment, name: string): string | null | undefined => {
  const settings = new Settings(env);
  configOf(settings);
  return settings.all.find((setting) => setting.name === name)?.value;
};

const secrets = {
  DATABASE_URL: 'postgres://service:hunter2@db.example/recourse',
  DATABASE_OWNER_URL: 'postgres://owner:hunter2@db.example/recourse?password=hunter2',
  RECOURSE_SMTP_URL: 'smtps://user:hunter2@mail.example:465',
  RECOURSE_MAIL_FROM: 'recourse@registry.example',
  RECOURSE_SMS_URL: 'https://sms.example',
  RECOURSE_SMS_SECRET: 'hunter2hunter2hunter2',
  RECOURSE_OPRF_COMMAND: 'vault read --token hunter2',
};

describe('recourse-server config', () => {
  test('says of each setting what it is and where it comes from', () => {
    const { code, text } = printed({ RECOURSE_PORT: '4900' });
    expect(code).toBe(0);
    expect(text).toMatch(/^RECOURSE_PORT +environment +4900$/m);
    expect(text).toMatch(/^RECOURSE_ORIGIN +derived +http:\/\/localhost:4900$/m);
    expect(text).toMatch(/^RECOURSE_MODE +default +sandbox$/m);
    expect(text).toMatch(/^DATABASE_URL +not set$/m);
  });

  test('shows no password, no secret and no argument of a program', () => {
    for (const args of [[], ['--json']]) {
      const { code, text } = printed(secrets, ...args);
      expect(code).toBe(0);
      expect(text).not.toContain('hunter2');
      expect(text).toContain('postgres://service:***@db.example/recourse');
      expect(text).toContain('vault …');
    }
  });

  test('names every value that cannot be used at once, and repeats none', () => {
    const env = {
      RECOURSE_PORT: '99999',
      RECOURSE_HOLD_HOURS: 'soon',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      RECOURSE_SMTP_URL: 'smtp://user:hunter2@relay.example',
    };
    const { code, text } = printed(env, '--json');
    expect(code).toBe(1);
    expect(text).not.toContain('hunter2@db/x');
    const { wrong } = JSON.parse(text) as { wrong: string[] };
    expect(wrong.map((line) => line.split(' ')[0]).toSorted()).toEqual([
      'DATABASE_URL',
      'RECOURSE_HOLD_HOURS',
      'RECOURSE_MAIL_FROM',
      'RECOURSE_PORT',
    ]);
  });

  test('names a variable that is no setting, and the nearest that is one', () => {
    const { code, text } = printed({
      RECOURSE_HOLD_HOUR: '80',
      RECOURSE_WEATHER: 'fine',
      PATH: '/',
    });
    expect(code).toBe(0);
    expect(text).toContain(
      'RECOURSE_HOLD_HOUR is no setting of the server: did you mean RECOURSE_HOLD_HOURS?',
    );
    expect(text).toContain('RECOURSE_WEATHER is no setting of the server.');
  });

  test('takes --json and nothing else', () => {
    expect(() => printed({}, '--verbose')).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });
});

test.each([
  ['postgres://u:p@a:5432,b:5432/db', 'postgres://u:***@a:5432,b:5432/db'],
  ['postgres://u:p:@/x@a/db?sslpassword=p&x=1', 'postgres://u:***@a/db?sslpassword=***&x=1'],
  ['postgres://u@a/db', 'postgres://u@a/db'],
  ['postgres://a/db', 'postgres://a/db'],
])('%s without its password is %s', (text, shown) => {
  expect(withoutPassword(text)).toBe(shown);
});

describe('the table of docs/operating.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/operating.md'), 'utf8');
  const rows = new Map(
    [...page.matchAll(/^\| `([A-Z_]+)` \| (.+?) \|.*\|$/gm)].map(([, name = '', preset = '']) => [
      name,
      preset,
    ]),
  );
  const settings = new Settings({});
  configOf(settings);

  test('has a row for each setting, and no other', () => {
    expect([...rows.keys()].toSorted()).toEqual(settings.all.map(({ name }) => name).toSorted());
  });

  test.each(settings.all.filter(({ source }) => source === 'default'))(
    'says the default of $name',
    ({ name }) => {
      const presets = [...(rows.get(name) ?? '').matchAll(/`([^`]+)`/g)].map(
        ([, text = '']) => text,
      );
      expect(presets.flatMap((preset) => [preset, resolve(preset)])).toContain(valueOf({}, name));
    },
  );
});
