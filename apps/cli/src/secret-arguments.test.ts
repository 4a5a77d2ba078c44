import { describe, expect, it } from 'vitest';
import { refuseSecretArguments } from './secret-arguments.ts';

const secret = '0123-4567-89ab-cdef-ghjk-mnpq-rstv-wxyz';

describe('a secret of a case never stands on a command line', () => {
  it.each([
    ['alone', [secret]],
    ['as a file name', ['notify', 'x', '--case-codes', secret]],
    ['behind an equals sign', [`--code-file=${secret}`]],
    ['in a link', [`https://registry.example/case#${secret}`]],
    ['in JSON', ['call', 'x', `{"code":"${secret}"}`]],
    ['with the number of a found case', [`${secret}.2`]],
    ['in capitals', [secret.toUpperCase()]],
  ])('%s', (_, args) => {
    expect(() => refuseSecretArguments(args)).toThrow(
      expect.objectContaining({ code: 'secret-argument' }),
    );
  });

  it('ids, dates and paths are no secrets', () => {
    const args = ['apl_01hzy3v7q8e9k4m5n6p7r8s9t0', '2026-03-01T12:00:00Z', 'a/case-code-file'];
    expect(() => refuseSecretArguments(args)).not.toThrow();
  });

  it('does not repeat it', () => {
    expect(() => refuseSecretArguments([secret])).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(secret) }),
    );
  });
});
