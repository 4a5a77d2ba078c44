import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unseen } from '../src/http/people-part.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  home = await newHome();
  const stated = {
    RECOURSE_OPERATOR: 'A <b>foundation</b>',
    RECOURSE_PANEL_PAID_BY: 'Its members',
  };
  const first = await home.start(stated);
  const { holder } = first.parties.find(({ role }) => role === 'reviewer')!;
  const file = join(home.dataDir, 'people.json');
  const person = { name: 'A. Berg', organisation: 'University of <i>Somewhere</i>' };
  writeFileSync(file, JSON.stringify({ [holder]: person }));
  server = await home.start({ ...stated, RECOURSE_PEOPLE_FILE: file });
});
afterAll(() => home.close());

test('/governance says who runs it, who takes part, and what two people of the operator did', async () => {
  const documents = [
    await server.get('/governance'),
    await server.get('/governance.json', { Accept: 'text/html' }),
  ];
  for (const { body, headers } of documents) {
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(body).toMatchObject({
      operator: 'A <b>foundation</b>',
      panelPaidBy: 'Its members',
      witnesses: { parties: expect.any(Array), threshold: 2 },
      votes: [],
      orders: [],
      demands: [],
    });
    expect(body.reviewers.length).toBeGreaterThan(0);
    expect(body.reviewers[0]).toEqual({
      holder: expect.stringMatching(/^hld_/),
      affiliations: expect.any(Array),
      languages: ['en'],
      optOut: [],
    });
    const harbour = body.parties.find(({ name }: { name: string }) => name === 'Harbour');
    expect(harbour.membership).toMatchObject({ state: 'member', checkOnly: false, objections: [] });
    expect(harbour.membership.missingAttestations.length).toBeGreaterThan(0);
    const acts = body.acts.filter(({ op }: { op: string }) => op === 'platforms.register');
    expect(acts).toHaveLength(3);
    for (const { proposedBy, executedBy } of acts) expect(executedBy).not.toBe(proposedBy);
  }
});

test('each operator and reviewer leads back to the first, by name and by nothing that a decision carries', async () => {
  const { people } = (await server.get('/governance.json')).body as {
    people: {
      as: string;
      name: string | null;
      organisation: string | null;
      invitedBy: number | null;
      termUntil?: string;
    }[];
  };
  for (const as of ['operator', 'reviewer']) {
    const ofRole = people.filter((person) => person.as === as);
    expect(ofRole.length).toBeGreaterThan(1);
    expect(ofRole.filter(({ invitedBy }) => invitedBy === null)).toHaveLength(1);
    for (const person of ofRole) {
      let at = person;
      for (let steps = 0; at.invitedBy !== null; steps++) {
        at = people[at.invitedBy]!;
        expect(steps).toBeLessThan(people.length);
      }
      expect([at.as, at.invitedBy]).toEqual([as, null]);
    }
  }
  expect(
    people.every(({ as, termUntil }) => as === 'operator' || /^\d{4}-\d{2}$/.test(termUntil ?? '')),
  ).toBe(true);
  expect(people.filter(({ name }) => name === 'A. Berg')).toMatchObject([
    { organisation: 'University of <i>Somewhere</i>' },
  ]);
  expect(JSON.stringify(people)).not.toMatch(/hld_/);
});

test('the page says what an operator could do unseen, as SECURITY.md does', async () => {
  const { text } = await server.get('/governance', { Accept: 'text/html' });
  expect(text).toContain('No software can show that two holders are two people');
  expect(text).toContain('invents tokens behind published prefixes');
  expect(text).toContain('University of &lt;i&gt;Somewhere&lt;/i&gt;');
  const security = readFileSync(new URL('../../../SECURITY.md', import.meta.url), 'utf8');
  const words = security.replaceAll(/\s+/g, ' ');
  for (const act of unseen) expect(words).toContain(act);
  const people = text.slice(text.indexOf('id="people"'), text.indexOf('What each reviewer'));
  expect(people).toContain('A. Berg');
  expect(people).not.toMatch(/hld_|kid/);
});

test('the same as a page, complete without script, with what is missing and how to object', async () => {
  const { text, headers } = await server.get('/governance', { Accept: 'text/html' });
  expect(headers['content-type']).toMatch(/^text\/html/);
  expect(text).not.toContain('<script');
  expect(text).toContain('A &lt;b&gt;foundation&lt;/b&gt;');
  expect(text).toContain('has filed no statement for');
  expect(text).toContain('complaints@harbour.example');
  expect(text).toContain('To object or complain');
  expect(text).toContain('href="https://harbour.example/rules"');
  expect(text).toMatch(/<strong><bdi>A &lt;b&gt;foundation&lt;\/b&gt;<\/bdi> runs this registry\./);
});

test('the directory shows where each platform stands', async () => {
  const { parties } = (await server.get('/parties')).body;
  const states = parties.flatMap(
    ({ membership }: { membership?: { state: string } }) => membership?.state ?? [],
  );
  expect(states).toEqual(['member', 'member', 'member']);
});
