import { describe, expect, test } from 'vitest';
import { readSettings, type Environment } from './settings.ts';
import { isOneAddress, readProofs } from './proof-settings.ts';

const proofsOf = (env: Environment) => readSettings(env, readProofs);

const from = { RECOURSE_MAIL_FROM: 'recourse@registry.test' };

describe('the settings of mail and DNS', () => {
  test('are none by default', () => {
    expect(proofsOf({})).toEqual({ smsFindsADay: 200 });
  });

  test.each(['smtp://relay.test', 'smtps://user:p%40ss@mail.test:465'])('%s is taken', (url) => {
    expect(proofsOf({ ...from, RECOURSE_SMTP_URL: url }).mail?.url.href).toContain('smtp');
  });

  test.each([
    { RECOURSE_SMTP_URL: 'smtp://relay.test' },
    { ...from, RECOURSE_SMTP_URL: 'http://relay.test' },
    { ...from, RECOURSE_SMTP_URL: 'relay.test:25' },
    { RECOURSE_SMTP_URL: 'smtp://relay.test', RECOURSE_MAIL_FROM: 'a@b, c@d' },
    { RECOURSE_DNS_SERVER: 'dns.test' },
    { RECOURSE_DNS_SERVER: '192.0.2.1:99999' },
  ])('%j is refused', (env) => {
    expect(() => proofsOf(env)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });

  test.each(['192.0.2.53', '192.0.2.53:5353', '2001:db8::53', '[2001:db8::53]:5353'])(
    '%s names a resolver',
    (dnsServer) => {
      expect(proofsOf({ RECOURSE_DNS_SERVER: dnsServer }).dnsServer).toBe(dnsServer);
    },
  );

  test('a password in the URL is not repeated in the refusal', () => {
    const env = { ...from, RECOURSE_SMTP_URL: 'http://user:hunter2@x' };
    expect(() => proofsOf(env)).not.toThrow(/hunter2/);
  });
});

test.each(['a@b.example', 'a.b+c@xn--p1ai', "o'neill@b.example"])('%s is one address', (text) => {
  expect(isOneAddress(text)).toBe(true);
});

test.each([
  'a@b, c@d',
  'a@b;c@d',
  'A <a@b.example>',
  'a@b.example\r\nBcc: c@d',
  '@relay:a@b.example',
  '"a@c"@b.example',
  'a(c@d)@b.example',
  'a@[192.0.2.1]',
  'a@',
  'a\u0000@b.example',
  'a\u0085@b.example',
  'a\u202E@b.example',
  '',
  `${'a'.repeat(250)}@b.example`,
])('%j is not', (text) => {
  expect(isOneAddress(text)).toBe(false);
});
