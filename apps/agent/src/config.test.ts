import { expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { helpText, options } from './options.ts';

const usage = expect.objectContaining({ code: 'usage', next: expect.any(String) }) as Error;

test('a flag counts before its variable', () => {
  const environment = { RECOURSE_AGENT_LISTEN: '127.0.0.1:1', RECOURSE_AGENT_AS: 'Harbour' };
  const { address, sandbox } = readConfig(['--listen', '[::1]:2', '--sandbox', '/s'], environment);
  expect(address).toEqual({ kind: 'tcp', host: '::1', port: 2 });
  expect(sandbox).toEqual({ directory: '/s', as: 'Harbour' });
});

test.each([
  ['an unknown option', ['--nothing']],
  ['an address without a port', ['--listen', 'localhost']],
  ['a sandbox without a party', ['--sandbox', 'x']],
  ['a key without a role', ['--key', 'file:x']],
  ['a key of a role that is none of a platform', ['--key', 'operator=file:x']],
  ['a webhook that nobody could verify', ['--webhook', 'http://127.0.0.1/']],
  ['a number that is none', ['--within-ms', 'soon']],
  ['a witness of no ledger', ['--witness-key', 'w.json']],
])('%s is refused with what to do', (_, args) => {
  expect(() => readConfig(args, {})).toThrow(usage);
});

const webhookAt = (url: string, ...more: string[]): unknown =>
  readConfig(['--webhook', url, '--webhook-secret', 'env:S', ...more], {}).webhook?.url.href;

test.each(['http://127.0.0.1:8080/hook', 'http://localhost/', 'http://[::1]:8080/'])(
  'a webhook may be at %s',
  (url) => {
    expect(webhookAt(url)).toBe(url);
  },
);

test.each(['http://10.0.0.7:8080/', 'http://[fd00::7]/', 'http://app:8080/'])(
  'a webhook may be at %s where private addresses are allowed, and only there',
  (url) => {
    expect(webhookAt(url, '--webhook-private')).toBe(url);
    expect(() => webhookAt(url)).toThrow(usage);
  },
);

test.each([
  'http://93.184.216.34/',
  'http://169.254.169.254/',
  'http://[::ffff:169.254.169.254]/',
  'http://0.0.0.0/',
  'https://127.0.0.1/',
  'http://user:x@127.0.0.1/',
])('a webhook is never at %s', (url) => {
  expect(() => webhookAt(url, '--webhook-private')).toThrow(usage);
});

test('help names every option', () => {
  for (const name of Object.keys(options)) expect(helpText()).toContain(`--${name}`);
});
