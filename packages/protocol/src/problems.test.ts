import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseProblem,
  Problem,
  problemBody,
  problemCodes,
  type ProblemCode,
  type ProblemRule,
} from './problems.ts';

const origin = 'https://registry.example';
const codes = Object.keys(problemCodes) as ProblemCode[];
const rule = (code: ProblemCode): ProblemRule => problemCodes[code];

/** Protocol, section 2, typed off the page. */
const table: Readonly<Record<number, string>> = {
  400: 'malformed-request malformed-call op-mismatch unknown-op',
  401: 'unknown-key key-inactive bad-signature wrong-audience clock-skew',
  403: 'role-not-allowed party-suspended checks-stopped invite-invalid',
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'request-timeout',
  409: 'replayed-call state-conflict already-decided too-few-reviewers',
  413: 'too-large',
  415: 'unsupported-media-type',
  422:
    'invalid-input idempotency-conflict reason-not-accepted authority-origin-not-accepted control-not-proven ' +
    'proof-too-weak retention-too-long not-independent notice-required unknown-epoch unknown-version',
  429: 'quota-exceeded',
  431: 'headers-too-large',
  500: 'internal',
  503: 'overloaded audit-unavailable recovering',
};

describe('the table of problems', () => {
  it('has every code of the protocol under its status, and no other', () => {
    const expected = Object.entries(table).flatMap(([status, list]) =>
      list.split(' ').map((code) => `${status} ${code}`),
    );
    expect(codes.map((code) => `${rule(code).status} ${code}`).sort()).toEqual(expected.sort());
  });

  it.each(codes)('%s says in a sentence what happened and what to do next', (code) => {
    expect(rule(code).title).toMatch(/^[A-Z].{8,}\.$/);
    expect(rule(code).next).toMatch(/^[A-Z].{15,}\.$/);
  });

  it('asks to retry only where waiting helps', () => {
    expect(codes.filter((code) => rule(code).retryAfter)).toEqual(
      codes.filter((code) => [429, 500, 503].includes(rule(code).status)),
    );
  });
});

describe('problemBody', () => {
  it('is RFC 9457 with next, issues and server_time', () => {
    const problem = new Problem('clock-skew', {
      issues: [{ path: 'in.subjects.0', code: 'not-allowed', allowed: ['a', 'b.c'] }],
      serverTime: new Date('2026-03-01T10:00:00.400Z'),
    });
    expect(problemBody(problem, origin)).toEqual({
      type: 'https://registry.example/problems/clock-skew',
      title: problemCodes['clock-skew'].title,
      status: 401,
      next: problemCodes['clock-skew'].next,
      issues: [{ path: 'in.subjects.0', code: 'not-allowed', allowed: ['a', 'b.c'] }],
      server_time: '2026-03-01T10:00:00Z',
    });
  });

  it('never sends the detail or the cause, however it is serialised', () => {
    const problem = new Problem('internal', { detail: 'secret-1', cause: new Error('secret-2') });
    expect(problem.detail).toBe('secret-1');
    expect(JSON.stringify(problemBody(problem, origin))).not.toContain('secret');
    expect(JSON.stringify(problem)).not.toContain('secret');
    expect(JSON.stringify(Object.entries(problem))).not.toContain('secret');
  });

  it('is byte-identical for missing and for not yours', () => {
    const missing = new Problem('not-found', { detail: 'no row' });
    const foreign = new Problem('not-found', { detail: 'other party' });
    expect(JSON.stringify(problemBody(missing, origin))).toBe(
      JSON.stringify(problemBody(foreign, origin)),
    );
  });

  it.each([
    'a@b.example',
    '<script>',
    'in.+4930901820',
    'in.4930901820',
    'in.x y',
    `in.${'a'.repeat(41)}`,
  ])('never echoes a member name the caller chose: %s', (path) => {
    const body = problemBody(
      new Problem('invalid-input', { issues: [{ path, code: path }] }),
      origin,
    );
    expect(body.issues).toEqual([{ path: '', code: 'invalid' }]);
  });

  it('sends no code of a library', () => {
    const issues = [{ path: 'in', code: 'invalid_type' }];
    const { issues: sent } = problemBody(new Problem('invalid-input', { issues }), origin);
    expect(sent).toEqual([{ path: 'in', code: 'invalid' }]);
  });

  it('bounds the issues', () => {
    const issues = Array.from({ length: 500 }, () => ({ path: 'in', code: 'custom' }));
    expect(problemBody(new Problem('invalid-input', { issues }), origin).issues).toHaveLength(32);
  });
});

describe('parseProblem', () => {
  it('reads back what problemBody wrote', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...codes),
        fc.option(fc.integer({ min: 0, max: 4e9 }), { nil: undefined }),
        (code, seconds) => {
          const serverTime = seconds === undefined ? undefined : new Date(seconds * 1000);
          const sent = new Problem(code, { serverTime, issues: [{ path: 'in', code: 'custom' }] });
          const got = parseProblem(JSON.parse(JSON.stringify(problemBody(sent, origin))), 5);
          expect(got).toMatchObject({ code, status: rule(code).status, retryAfterSeconds: 5 });
          expect(got?.serverTime).toEqual(serverTime);
          expect(got?.issues).toEqual(sent.issues);
        },
      ),
    );
  });

  it('ignores unknown members and does not trust the texts of a server', () => {
    const body = {
      type: '/problems/not-found',
      title: 'Your call was accepted',
      status: 200,
      x: 1,
    };
    expect(parseProblem(body)).toMatchObject({
      code: 'not-found',
      status: 404,
      message: problemCodes['not-found'].title,
    });
  });

  it('takes no text of a server out of an issue', () => {
    const got = parseProblem({
      type: '/problems/invalid-input',
      issues: [{ path: '\u001b[2J', code: 'Call +1 900', allowed: ['\u001b[2J'] }],
    });
    expect(got?.issues).toEqual([{ path: '', code: 'invalid' }]);
  });

  it.each([
    undefined,
    null,
    'not-found',
    [],
    {},
    { type: 'about:blank' },
    { type: '/problems/constructor' },
    { type: '/problems/__proto__' },
    { type: '/problems/made-up' },
    { type: '/problems/not-found?x' },
    { type: '/problems/not-found', issues: [{ path: 1 }] },
    { type: '/problems/clock-skew', server_time: 'yesterday' },
  ])('is undefined for what is no problem of ours: %j', (body) => {
    expect(parseProblem(body)).toBeUndefined();
  });
});
