import { clientFaults, ops, problemCodes, type Operation } from '@recourse/protocol';
import { RecourseError, type RecourseErrorCode } from '@recourse/sdk';
import { describe, expect, it } from 'vitest';
import { explain, textOfRefusal } from '../refusals.ts';
import { issueText, issueTexts, namedIssue, textsAtPlaces } from './issue-text.ts';
import { nameOf } from './member-names.ts';

/** What only an engineer reads: a command, a header, a member, an operation, a path. */
const foreign = new RegExp(
  [
    '`',
    String.raw`\b[a-z]+[A-Z]\w*`,
    String.raw`\b[a-z]+_[a-z_]+\b`,
    String.raw`\b[a-z]+\.[a-z]+\b`,
    String.raw`\b(?:jti|kid|SDK|Retry-After|healthz|application/jose|Host header|idempotency|epoch|taxonomy|jws|JSON|salt)\b`,
    String.raw`docs/`,
    String.raw`--[a-z]`,
  ].join('|'),
);

const refusals = [
  ...Object.keys(problemCodes),
  ...Object.keys(clientFaults),
] as RecourseErrorCode[];

/** Of JSON Schema, what holds members */
type SchemaPart = Readonly<
  Partial<Record<'properties' | 'items' | 'anyOf' | 'oneOf' | 'allOf' | 'prefixItems', object>>
>;
const isPart = (part: unknown): part is SchemaPart => typeof part === 'object' && part !== null;

/** Every path of an input, without places in lists. */
function pathsIn(schema: SchemaPart, at: readonly string[] = []): string[] {
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, member]) => [
    [...at, name].join('.'),
    ...pathsOf(member, [...at, name]),
  ]);
  const parts = [schema.items, schema.anyOf, schema.oneOf, schema.allOf, schema.prefixItems].flat();
  return [...members, ...parts.flatMap((part) => pathsOf(part, at))];
}
const pathsOf = (part: unknown, at: readonly string[]): string[] =>
  isPart(part) ? pathsIn(part, at) : [];

describe('the words of a desk', () => {
  it.each(refusals)('say of %s what to do, and nothing for an engineer alone', (code) => {
    const { title, next } = textOfRefusal(code);
    for (const text of [title, next]) {
      expect(text).toMatch(/^[A-Z].*[.?]$/);
      expect(text).not.toMatch(foreign);
    }
  });

  it.each([...Object.entries(issueTexts), ...Object.entries(textsAtPlaces)])(
    'say of %s what is wrong, and nothing for an engineer alone',
    (code, text) => {
      expect(text).toMatch(/^[A-Z].*\.$/);
      expect(text).not.toMatch(foreign);
      expect(text.split(' ')).not.toContain(code.includes('-') ? code : '');
    },
  );

  const ofPeople = Object.entries<Operation>(ops).filter(([, { roles }]) =>
    roles.some((role) => role !== 'service'),
  );

  it.each(ofPeople)('name every member of the input of %s', (_, { input }) => {
    const schema = input.toJSONSchema({ unrepresentable: 'any', io: 'input' });
    const unnamed = pathsOf(schema, []).filter((path) => nameOf(path) === undefined);
    expect(unnamed).toEqual([]);
  });

  it('never show a code or a path that they do not know', () => {
    const issue = { path: 'new_member.0', code: 'a-new-rule' };
    expect(namedIssue(issue)).toBe(issueText(issue));
    expect(namedIssue(issue)).not.toMatch(/new_member|a-new-rule|a new rule/);
    expect(explain(new TypeError('undefined is not a function')).title).toBe('The desk failed.');
  });

  it('say of what one person may sign no more that a colleague confirms a draft, and of no waiting', () => {
    const issues = [{ path: 'sanctions.draft', code: 'second-holder-required' }];
    const error = new RecourseError('quota-exceeded', { issues, retryAfterSeconds: 3600 });
    const { title, next } = explain(error);
    expect(`${title} ${next}`).toContain('a colleague confirms it');
    expect(`${title} ${next}`).not.toMatch(/minutes|An operator can raise/);
  });

  it('stand in one table', async () => {
    const table = (rows: readonly (readonly [string, string])[]): string =>
      rows
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([code, text]) => `| ${code} | ${text} |`)
        .join('\n');
    const codes = Object.entries(issueTexts);
    const places = Object.entries(textsAtPlaces);
    const whole = refusals.map((code): [string, string] => {
      const { title, next } = textOfRefusal(code);
      return [code, `${title} ${next}`];
    });
    const head = (title: string, what: string): string =>
      `\n\n## ${title}\n\n| ${what} | Sentence |\n|---|---|\n`;
    const page =
      '# What a desk says when something is refused\n\n' +
      'A test writes this page from the tables of the desk, and fails when a code has no sentence.' +
      head('Refusals', 'Code') +
      table(whole) +
      head('A field', 'Code') +
      table(codes) +
      head('A code at one place', 'Place and code') +
      table(places) +
      '\n';
    await expect(page).toMatchFileSnapshot('../../../../../docs/desk/refusals.md');
  });
});
