import { RecourseError } from '@recourse/sdk';
import { VerifyError } from '@recourse/verify';
import { WitnessError } from '@recourse/witness';
import { expect, it } from 'vitest';
import { CliError } from './errors.ts';
import { exitCodeOf } from './exit-code.ts';
import { explain } from './explain.ts';

it.each([
  [new RecourseError('proof-too-weak', { status: 422 }), 1],
  [new RecourseError('quota-exceeded', { status: 429 }), 1],
  [new RecourseError('invalid-input'), 2],
  [new RecourseError('signer-missing'), 2],
  [new RecourseError('unavailable'), 3],
  [new RecourseError('audit-unavailable', { status: 503 }), 3],
  [new RecourseError('receipt-invalid', { status: 200 }), 4],
  [new RecourseError('chain-invalid'), 4],
  [new CliError('usage', { message: '', next: 'See the help of the command.' }), 2],
  [new VerifyError('forked'), 4],
  [new VerifyError('registry-unreachable'), 3],
  [new WitnessError('state-missing', { message: '', next: 'Find the newest state of it.' }), 2],
  [new CliError('registry-unreachable', { message: '', next: 'Check that the registry runs.' }), 3],
])('%s is %i', (error, code) => {
  expect(exitCodeOf(error)).toBe(code);
  expect(explain(error).next.length).toBeGreaterThan(20);
});

it('a fault is told by its name, and not by a message that may quote input', () => {
  const explained = JSON.stringify(explain(new TypeError('cannot read someone@example.org')));
  expect(explained).toContain('TypeError');
  expect(explained).not.toContain('someone');
});
