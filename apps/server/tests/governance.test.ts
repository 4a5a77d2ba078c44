import { afterAll, beforeAll, expect, test } from 'vitest';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  home = await newHome();
  server = await home.start({
    RECOURSE_OPERATOR: 'A <b>foundation</b>',
    RECOURSE_PANEL_PAID_BY: 'Its members',
  });
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
      orders: [],
      demands: [],
    });
    expect(body.reviewers.length).toBeGreaterThan(0);
    expect(body.reviewers[0]).toMatchObject({ holder: expect.stringMatching(/^hld_/) });
    const harbour = body.parties.find(({ name }: { name: string }) => name === 'Harbour');
    expect(harbour.membership).toMatchObject({ state: 'member', checkOnly: false, objections: [] });
    expect(harbour.membership.missingAttestations.length).toBeGreaterThan(0);
    const acts = body.acts.filter(({ op }: { op: string }) => op === 'platforms.register');
    expect(acts).toHaveLength(3);
    for (const { proposedBy, executedBy } of acts) expect(executedBy).not.toBe(proposedBy);
  }
});

test('the same as a page, complete without script, with what is missing and how to object', async () => {
  const { text, headers } = await server.get('/governance', { Accept: 'text/html' });
  expect(headers['content-type']).toMatch(/^text\/html/);
  expect(text).not.toContain('<script');
  expect(text).toContain('A &lt;b&gt;foundation&lt;/b&gt;');
  expect(text).toContain('has filed no statement for');
  expect(text).toContain('complaints@harbour.example');
  expect(text).toContain('To object or complain');
});

test('the directory shows where each platform stands', async () => {
  const { parties } = (await server.get('/parties')).body;
  const states = parties.flatMap(
    ({ membership }: { membership?: { state: string } }) => membership?.state ?? [],
  );
  expect(states).toEqual(['member', 'member', 'member']);
});
