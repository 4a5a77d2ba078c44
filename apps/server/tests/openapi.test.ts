import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import {
  caseOps,
  entryLeafHash,
  entrySchema,
  newCaseSecret,
  ops,
  publicOps,
  signerFromJwk,
  toBase64url,
  type PartyId,
} from '@recourse/protocol';
import { blind, ready } from '@recourse/blind';
import { buildSubmission } from '@recourse/testkit';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { newHome, type HttpAnswer, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample, creatorAct, newJti, payloadOf } from './sample-case.ts';

let home: TestHome;
let server: TestServer;
let openApi: OpenApi;
let ajv: Ajv2020;

type Party = [name: string, role: string, admin?: boolean];

interface DescribedBody {
  schema: object;
}

interface Described {
  responses: Record<string, { content: Record<string, DescribedBody> }>;
}

interface OpenApi {
  openapi: string;
  paths: Record<
    string,
    {
      post: Described & { requestBody: { content: Record<string, DescribedBody> } };
      get?: Described;
    }
  >;
  components: { schemas: Record<string, object> };
}

beforeAll(async () => {
  home = await newHome({ reports: true });
  server = await home.start();
  openApi = (await server.get('/openapi.json')).body;
  ajv = newAjv();
  for (const word of ['openapi', 'info', 'servers', 'security', 'paths', 'components']) {
    ajv.addKeyword(word);
  }
  ajv.addSchema({ ...openApi, $id: 'openapi' });
});
afterAll(() => home.close());

/** Addresses of mail and days have a pattern beside their format, which is the rule. */
const newAjv = (): Ajv2020 =>
  new Ajv2020({
    strict: true,
    allowMatchingProperties: true,
    formats: { email: true, date: true },
  });

/** A schema of the document by its place, with everything that it refers to. */
const at = (...path: string[]): ValidateFunction => {
  const pointer = path.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
  return ajv.compile({ $ref: `openapi#/${pointer}` });
};

const component = (name: string): ValidateFunction => at('components', 'schemas', name);

/** What is wrong with a value, in a form that a failing test shows. */
function faults(validate: ValidateFunction, value: unknown): unknown[] {
  return validate(value) ? [] : (validate.errors ?? []);
}

test('is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate({ ...openApi });
  expect([result.valid, result.errors ?? [], openApi.openapi]).toEqual([true, [], '3.1.1']);
});

test('has every operation, each where it is called', () => {
  const signed = Object.keys(ops).map((name) => `/call/${name}`);
  const unsigned = Object.keys({ ...publicOps, ...caseOps }).map((name) => `/trpc/${name}`);
  const posted = Object.entries(openApi.paths).filter(([, path]) => 'post' in path);
  expect(posted.map(([name]) => name)).toEqual([...signed, ...unsigned]);
});

describe('the public documents', () => {
  const checkpoint = (): Promise<HttpAnswer> => server.get('/ledger/checkpoint');
  const known: Record<string, () => Promise<string>> = {
    '/parties/{id}/keys': async () => `/parties/${server.party('Harbour', 'service').party}/keys`,
    '/schemas/{op}.json': async () => '/schemas/checks.match.json',
    '/problems/{code}': async () => '/problems/not-found',
    '/prefixes/{sha256}': async () => {
      const { body } = await server.call(server.party('Tubely', 'service'), 'prefixes.sync', {
        list: 'all',
        epoch: 1,
      });
      return `/prefixes/${body.result.snapshot.sha256}`;
    },
    '/ledger/tile/{level}/{index}': async () => {
      const { text } = await eventually(checkpoint, ({ status }) => status === 200);
      return `/ledger/tile/0/000.p/${Math.min(255, Number(text.split('\n')[1]))}`;
    },
    '/ledger/proof/{leaf}': async () => {
      const { keys } = (await server.get('/.well-known/recourse')).body;
      const leaf = toBase64url(entryLeafHash(entrySchema.parse(keys[0].entry)));
      await eventually(
        () => server.get(`/ledger/proof/${leaf}`),
        ({ status }) => status === 200,
      );
      return `/ledger/proof/${leaf}`;
    },
  };

  test('are what the document says of each', async () => {
    const documents = Object.entries(openApi.paths).flatMap(([path, { get }]) =>
      get ? [[path, get] as const] : [],
    );
    expect(documents.length).toBeGreaterThan(14);
    for (const [path, { responses }] of documents) {
      const { status, headers, body, text } = await server.get((await known[path]?.()) ?? path);
      const type = String(headers['content-type']).split(';')[0]!;
      expect([path, status, Object.keys(responses['200']!.content)]).toEqual([path, 200, [type]]);
      if (!responses['200']!.content[type]!.schema) continue;
      const schema = at('paths', path, 'get', 'responses', '200', 'content', type, 'schema');
      expect([path, faults(schema, body ?? text)]).toEqual([path, []]);
    }
  });
});

describe.each(Object.keys({ ...ops, ...publicOps, ...caseOps }))('%s', (name) => {
  test('has schemas that hold together, the same here and there', async () => {
    const { status, headers, body } = await server.get(`/schemas/${name}.json`);
    expect([status, headers['content-type']]).toEqual([200, 'application/schema+json']);
    const validator = newAjv();
    validator.addSchema(body);
    for (const part of ['in', 'result']) {
      const alone = validator.compile({ $ref: `${body.$id}#/$defs/${part}` });
      const listed = component(`${name}.${part}`);
      for (const value of [{}, [], null, 'x', { 'no-such-member': 1 }]) {
        expect([part, value, alone(value)]).toEqual([part, value, listed(value)]);
      }
    }
    expect(component(`${name}.in`)({ 'no-such-member': 1 })).toBe(false);
  });
});

test.each(['nothing.there', 'constructor.prototype', '__proto__.json', 'checks.match', ''])(
  'there is no schema %j',
  async (name) => {
    expect((await server.get(`/schemas/${name}.json.json`)).status).toBe(404);
    const known = name === 'checks.match' ? 200 : 404;
    expect((await server.get(`/schemas/${name}.json`)).status).toBe(known);
  },
);

describe('a real run', () => {
  /** Sends a signed call, and holds what was sent and what came against the document. */
  async function call(by: Party, op: string, input: object) {
    const sent = await server.sign(server.party(...by), op, input);
    const answer = await server.post(`/call/${op}`, sent);
    expect([op, faults(component(`${op}.call`), payloadOf(sent))]).toEqual([op, []]);
    expectAsListed(`/call/${op}`, answer);
    return answer;
  }

  async function act(op: string, input: object) {
    const sent = { jti: newJti(), ...input };
    const answer = await creatorAct(server, op, sent);
    expect([op, faults(component(`${op}.in`), sent)]).toEqual([op, []]);
    expectAsListed(`/trpc/${op}`, answer);
    return answer;
  }

  function expectAsListed(path: string, { status, headers, body }: HttpAnswer): void {
    const { responses } = openApi.paths[path]!.post;
    const name = status === 200 ? [] : ['components', 'responses', `problem-${status}`];
    const place = name.length > 0 ? name : ['paths', path, 'post', 'responses', '200'];
    expect(Object.keys(responses)).toContain(String(status));
    const type = String(headers['content-type']);
    expect([path, faults(at(...place, 'content', type, 'schema'), body)]).toEqual([path, []]);
  }

  const service: Party = ['Tubely', 'service'];
  const trust: Party = ['Harbour', 'trust'];
  const reviewer: Party = ['Review panel', 'reviewer', true];
  const operator: Party = ['Operator', 'operator', true];
  const now = Math.floor(Date.now() / 1000);

  test('of a record from its submission to the appeal is as the document says', async () => {
    await ready();
    const key = server.party(...trust);
    const signer = await signerFromJwk(key.privateJwk);
    const submission = await buildSubmission({
      signedBy: { party: key.party as PartyId, signer },
      audience: server.origin,
      now: new Date(),
    });
    const submitted = await call(trust, 'sanctions.submit', submission);
    const { sanction } = submitted.body.result;
    const stated = { channel: 'letter', language: 'en', sentAt: now };
    await call(trust, 'sanctions.stateNotice', { sanction, ...stated });
    const elements = blind([randomBytes(16)]).blinded.map(toBase64url);
    const evaluate = { purpose: 'signup', epochs: [1], blinded: elements, provenAt: now };
    const { check } = (await call(service, 'checks.evaluate', evaluate)).body.result;
    const { token } = submission.tokens[0]!;
    await call(service, 'checks.match', { check, tokens: [{ epoch: 1, token }] });
    for (const op of [
      'sanctions.list',
      'keys.list',
      'events.poll',
      'recalls.list',
      'checks.owed',
    ]) {
      await call(op === 'keys.list' ? trust : service, op, {});
    }
    await call(trust, 'sanctions.get', { sanction });
    await call(trust, 'ledger.openings', {});
    await call(reviewer, 'review.queue', {});
    await call(operator, 'registry.stats', {});

    const code = await codeOfSample(server, 'phishing');
    const newKey = newCaseSecret((size) => randomBytes(size));
    await act('case.open', { code });
    await act('case.claim', { code, newKey });
    const appeal = { ground: 'not-me', words: 'I have never had this domain.', language: 'en' };
    const appealed = await act('case.appeal', { key: newKey, ...appeal });
    expect(appealed.status).toBe(200);
    await act('case.receipt', { key: newKey });
  });

  test.each([
    ['checks.match', { check: 'chk_01kat1d1yme2z9d8zm4d6j53wz', tokens: [] }, 422],
    ['sanctions.get', { sanction: 'snc_01kat1d1yme2z9d8zm4d6j53wz' }, 404],
    ['registry.stats', {}, 403],
  ])('of a refused %s is a problem of its list', async (op, input, status) => {
    const answer = await server.call(server.party(...service), op, input);
    expect(answer.status).toBe(status);
    expectAsListed(`/call/${op}`, answer);
  });
});
