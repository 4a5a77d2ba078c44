import { clientFaults, Problem, problemCodes } from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { connected, type ConnectedClients } from '../tests/connected.ts';
import { now, origin, sanctionA } from '../tests/fake-registry.ts';
import { isRecourseError, RecourseError, type RecourseErrorCode } from './errors.ts';
import type { SanctionInput } from './index.ts';

const codes = Object.keys({ ...problemCodes, ...clientFaults }) as RecourseErrorCode[];

it.each(codes)('%s says in a sentence what happened, and in one what to do next', (code) => {
  const { message, title, next, link } = new RecourseError(code);
  expect(message).toMatch(/^[A-Z].{8,}\.$/);
  expect(title).toBe(message);
  expect(next).toMatch(/^[A-Z].{15,}\.$/);
  expect(link).toBeUndefined();
});

describe('a refused input', () => {
  it('names the member, and the values that it may have', () => {
    const issues = [{ path: 'age', code: 'not-allowed', allowed: ['adult', 'minor'] }];
    expect(new RecourseError('invalid-input', { issues })).toMatchObject({
      field: 'age',
      allowed: ['adult', 'minor'],
      next: 'Correct age: not an allowed value; allowed: adult, minor.',
    });
  });

  it('names three members in words, and counts the others', () => {
    const issues = ['a', 'b', 'c', 'd', 'e'].map((path) => ({ path, code: 'required' }));
    const { field, next } = new RecourseError('invalid-input', { issues });
    expect(field).toBe('a');
    expect(next).toBe('Correct a: missing; then b: missing; then c: missing; then 2 more.');
  });

  it('says whether it has an issue, of any member or of one', () => {
    const error = new RecourseError('state-conflict', {
      issues: [{ path: 'countersignatures', code: 'missing' }],
    });
    expect(error.hasIssue('missing')).toBe(true);
    expect(error.hasIssue('missing', 'countersignatures')).toBe(true);
    expect(error.hasIssue('missing', 'invite')).toBe(false);
    expect(error.hasIssue('used')).toBe(false);
  });

  it('keeps the step of another refusal, and says what it is about', () => {
    const issues = [{ path: 'appeal', code: 'already-open' }];
    const { field, next } = new RecourseError('state-conflict', { issues });
    expect(field).toBeUndefined();
    expect(next).toBe('Read the current state, and decide again. (appeal: already open)');
  });
});

let at: ConnectedClients;
beforeEach(async () => {
  at = await connected();
  at.registry.evaluates();
});

async function errorOf(run: () => Promise<unknown>): Promise<RecourseError> {
  const error: unknown = await run().catch((thrown: unknown) => thrown);
  if (isRecourseError(error)) return error;
  throw new Error('no error of the SDK');
}

const ago = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
const input = (overrides: object): SanctionInput =>
  ({
    creator: { email: { value: 'creator@example.com', control: 'otp', provenAt: ago(20) } },
    reason: 'fraud.scam',
    action: 'account-terminated',
    incident: { from: ago(30), to: ago(10) },
    decidedAt: ago(1),
    decidedBy: 'human',
    policy: 0,
    evidence: [{ class: 'payment-records', source: new Uint8Array([1]) }],
    account: 'Sold one ticket to forty people.',
    origin: 'own-detection',
    attest: ['no-authority', 'no-takeover'],
    age: 'adult',
    ...overrides,
  }) as SanctionInput;

describe('a refused sanction is told by the members that the caller gave', () => {
  it.each([
    [{ action: 'shouted-at' }, 'action', 'account-terminated'],
    [{ decidedBy: 'a-coin' }, 'decidedBy', 'human'],
    [{ age: 'young' }, 'age', 'adult'],
  ])('before it is sent, with the allowed values: %j', async (over, field, allowed) => {
    const error = await errorOf(() => at.recourse.sanctions.submit(input(over)));
    expect(error).toMatchObject({ code: 'invalid-input', field, link: linkTo('invalid-input') });
    expect(error.allowed).toContain(allowed);
    expect(error.next).toContain(`${field}: not an allowed value; allowed: `);
  });

  it('of an identifier', async () => {
    const creator = { email: { value: 'no address', control: 'otp', provenAt: ago(2) } };
    const error = await errorOf(() => at.recourse.sanctions.submit(input({ creator })));
    expect(error.field).toBe('creator.email');
    expect(JSON.stringify(error) + error.next).not.toContain('no address');
  });

  it.each([
    ['statement.incident_to', 'incident.to'],
    ['statement.exp', 'expires'],
    ['statement.evidence.0.class', 'evidence.0.class'],
    ['tokens', 'creator'],
  ])('by the registry: %s is %s', async (path, field) => {
    at.registry.handlers.set('sanctions.submit', () => {
      throw new Problem('proof-too-weak', { issues: [{ path, code: 'in-the-future' }] });
    });
    const prepared = await at.recourse.sanctions.prepare(input({}));
    const error = await errorOf(() => prepared.submit());
    expect(error).toMatchObject({ field, status: 422, link: linkTo('proof-too-weak') });
    expect(error.receipt).toBeDefined();
  });
});

const linkTo = (code: RecourseErrorCode): string => `${origin}/problems/${code}`;

describe('an error links to the page of its code at the registry that was asked', () => {
  it('of a call, of an iteration, and where nothing was sent', async () => {
    const conflict = (): never => {
      throw new Problem('state-conflict');
    };
    at.registry.handlers.set('sanctions.status', conflict);
    at.registry.handlers.set('recalls.list', conflict);
    const status = () => at.recourse.sanctions.status({ sanction: sanctionA });
    expect((await errorOf(status)).link).toBe(linkTo('state-conflict'));
    const iterate = async () => {
      for await (const recall of at.recourse.recalls.open()) throw new Error(recall.recall);
    };
    expect((await errorOf(iterate)).link).toBe(linkTo('state-conflict'));
    const { keys } = at.connectAgain({ signers: {} });
    expect((await errorOf(() => keys.list({}))).link).toBe(linkTo('signer-missing'));
  });

  it('also where the error is an answer', async () => {
    const away = at.connectAgain({ fetch: () => Promise.reject(new Error('no line')) });
    const found = await away.check(
      { email: 'creator@example.com' },
      { purpose: 'signup', provenAt: now },
    );
    expect(found).toMatchObject({
      advice: 'unavailable',
      cause: { link: linkTo('unavailable') },
    });
  });
});
