import { sandboxIdentity } from '@recourse/cli';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchDatabase, searchFiles } from '../src/leak-search.ts';
import { NeedleSearch } from '../src/needle-search.ts';
import { needlesOf } from '../src/needles.ts';
import { recordAndCheck, startSandbox, type Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
let search: NeedleSearch;
let token: string;
let caseCode: string;
const claimKey = 'zyxw-vtsr-qpnm-kjhg-fedc-ba98-7654-3210';
const words = 'It was not me: my site was taken over.';

beforeAll(async () => {
  sandbox = await startSandbox();
  const identifiers = ['listed-1.example', 'listed-2.example'];
  const { journal, caseCodes } = await recordAndCheck(sandbox, identifiers);
  const claimKeys = [claimKey];
  search = new NeedleSearch(
    needlesOf({
      identifiers,
      journals: [journal],
      caseCodes: [caseCodes],
      claimKeys,
      words: [words],
    }),
  );
  token = /"token":"([\w-]{43})"/.exec(readFileSync(journal, 'utf8'))?.[1] ?? '';
  caseCode = /"case_code":"([^"]+)"/.exec(readFileSync(caseCodes, 'utf8'))?.[1] ?? '';
});
afterAll(() => sandbox.stop());

const inDatabase = async () => (await searchDatabase(sandbox.ownerUrl, search)).leaks;

describe('identifiers, tokens and case codes are nowhere in the clear', () => {
  it('looks for two of each, a claim key and words, in every spelling', () => {
    expect(search.count).toBe(2 + 2 * 3 + 2 * 2 + 2 + 1);
  });

  it('in the database, of which it reads every column that holds something', async () => {
    const { leaks, places, bytes } = await searchDatabase(sandbox.ownerUrl, search);
    expect(leaks).toEqual([]);
    expect(places).toBeGreaterThan(100);
    expect(bytes).toBeGreaterThan(50_000);
  });

  it('in the data directory', async () => {
    const except = ['sandbox.json', 'sandbox.seed', 'keys'];
    expect((await searchFiles(sandbox.dataDir, search, except)).leaks).toEqual([]);
  });
});

describe('a leak that was planted is found', () => {
  const planted = async (name: string, value: string) => {
    await sandbox.sql`insert into registry_facts (name, value) values (${name}, ${value})`;
    const leaks = await inDatabase();
    await sandbox.sql`delete from registry_facts where name = ${name}`;
    return leaks;
  };

  it('in a text column, inside other text and in capitals', async () => {
    expect(await planted('p', 'seen LISTED-1.example today')).toEqual([
      { where: 'registry_facts.value', kind: 'identifier' },
    ]);
    expect(await planted('p', caseCode.replaceAll('-', ''))).toMatchObject([{ kind: 'case-code' }]);
    expect(await planted('p', Buffer.from(token, 'base64url').toString('hex'))).toMatchObject([
      { kind: 'token' },
    ]);
    expect(await planted('p', claimKey)).toMatchObject([{ kind: 'claim-key' }]);
    expect(await planted('p', `{"words":"${words}"}`)).toMatchObject([{ kind: 'words' }]);
  });

  it('in a bytea column', async () => {
    const [sealed] = await sandbox.sql`select sanction, wrapped from case_keys limit 1`;
    const bytes = Buffer.concat([
      Buffer.alloc(7),
      Buffer.from(token, 'base64url'),
      Buffer.alloc(9),
    ]);
    await sandbox.sql`update case_keys set wrapped = ${bytes} where sanction = ${sealed?.['sanction']}`;
    expect(await inDatabase()).toEqual([{ where: 'case_keys.wrapped', kind: 'token' }]);
    await sandbox.sql`update case_keys set wrapped = ${sealed?.['wrapped']} where sanction = ${sealed?.['sanction']}`;
  });

  it('in a json column', async () => {
    const { party } = await sandboxIdentity(sandbox.dataDir, 'Marketo');
    const [row] = await sandbox.sql`select registration from parties where id = ${party}`;
    const leaky = { ...(row?.['registration'] as object), seen: 'listed-2.example' };
    await sandbox.sql`update parties set registration = ${sandbox.sql.json(leaky)} where id = ${party}`;
    expect(await inDatabase()).toEqual([{ where: 'parties.registration', kind: 'identifier' }]);
    await sandbox.sql`update parties set registration = ${sandbox.sql.json(row?.['registration'])} where id = ${party}`;
  });

  it('in a file, across the border of two chunks, and not in one that is excepted', async () => {
    const dir = join(sandbox.dir, 'files');
    mkdirSync(`${dir}/keys`, { recursive: true });
    const border = 2 ** 20;
    const text = `${'x'.repeat(border - 10)}${caseCode}${'y'.repeat(100)}`;
    writeFileSync(`${dir}/server.log`, text);
    writeFileSync(`${dir}/keys/mine`, text);
    const { leaks, places } = await searchFiles(dir, search, ['keys']);
    expect([leaks, places]).toEqual([[{ where: 'server.log', kind: 'case-code' }], 1]);
  });
});
