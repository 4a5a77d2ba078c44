import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { daysAgo, row, writeCsv, writeNdjson, type TestRow } from './import-rows.ts';
import { finished, linesOf, Sandbox, untilLines } from './sandbox.ts';

// A thousand records are a minute's work for a machine that does other things.
vi.setConfig({ testTimeout: 240_000 });

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.start();
  await sandbox.allow(100_000);
});
afterAll(() => sandbox.stop());

interface Summary {
  readonly imported: number;
  readonly drafted: number;
  readonly confirmed: number;
  readonly notified: number;
  readonly before: number;
  readonly refused: number;
  readonly refusedByCode: Record<string, number>;
  readonly errorFile: string;
  readonly exitCode: number;
}

const rowsFrom = (first: number, count: number, overrides: TestRow = {}): TestRow[] =>
  Array.from({ length: count }, (_, at) => row(first + at, overrides));

/** Every twentieth-odd row says too little, or what nobody may record. */
const broken: readonly [TestRow, string, string][] = [
  [{ control: '' }, 'control', 'required'],
  [{ proven_at: '' }, 'proven_at', 'required'],
  [{ incident_from: '' }, 'incident_from', 'required'],
  [{ incident_from: '2026-02-30' }, 'incident_from', 'not-a-date'],
  [{ incident_to: 'yesterday' }, 'incident_to', 'not-a-date'],
  [{ decided_at: '2026-02-30' }, 'decided_at', 'not-a-date'],
  [{ decided_by: '' }, 'decided_by', 'required'],
  [{ attest: '' }, 'attest', 'required'],
  [{ evidence_text: '' }, 'evidence_file', 'required'],
  [{ evidence_text: '', evidence_file: 'missing.html' }, 'evidence_file', 'evidence-unreadable'],
  [{ evidence_class: 'hearsay' }, 'evidence_class', 'not-allowed'],
  [{ evidence_class: 'review-memo' }, 'evidence_class', 'below-floor'],
  [{ reason: 'speech.defamation' }, 'reason', 'not-in-the-taxonomy'],
  [{ identifier: 'github.io' }, 'identifier', 'shared-host'],
  [{ identifier: '192.0.2.1' }, 'identifier', 'ip-address'],
  [{ identifier: 'www.listed.example' }, 'identifier', 'not-registrable'],
  [{ proven_at: daysAgo(400) }, 'proven_at', 'outside-the-incident'],
  [{ decided_at: daysAgo(15) }, 'decided_at', 'before-incident-to'],
  [{ origin: 'authority-request' }, 'origin', 'authority'],
  [{ notice_channel: 'email' }, 'notice_language', 'required'],
];

describe('an import of 1,000 records, of which 20 say too little', () => {
  const path = (): string => sandbox.file('thousand.csv');
  const thousand = (): string[] => [
    'import',
    path(),
    '--json',
    '--case-codes',
    sandbox.file('thousand.codes'),
  ];
  const rows = rowsFrom(0, 1000);
  broken.forEach(([over], at) => {
    rows[at * 50 + 7] = row(at * 50 + 7, over);
  });

  it('takes 980 and explains 20 by line, without a word of the identifiers', async () => {
    writeCsv(path(), rows);
    const before = await sandbox.count();
    const { code, stdout, stderr } = await sandbox.run(thousand());
    const summary = JSON.parse(stdout) as Summary;
    expect(summary).toMatchObject({ imported: 980, drafted: 0, refused: 20, exitCode: 1 });
    expect(code).toBe(1);
    expect((await sandbox.count()) - before).toBe(980);
    const errors = linesOf(summary.errorFile).toSorted(
      (a, b) => Number(a['line']) - Number(b['line']),
    );
    expect(errors.map(({ line }) => line)).toEqual(broken.map((_, at) => at * 50 + 9));
    expect(errors.map(({ issues }) => (issues as { path: string; code: string }[])[0])).toEqual(
      broken.map(([, column, issue]) => expect.objectContaining({ path: column, code: issue })),
    );
    for (const entry of errors) {
      expect(Object.keys(entry)).toEqual(['line', 'external_id', 'code', 'issues', 'next']);
      expect(String(entry['next']).length).toBeGreaterThan(20);
    }
    const output = readFileSync(summary.errorFile, 'utf8') + stdout + stderr;
    for (const secret of ['listed-', 'github.io', '192.0.2.1', 'www.listed']) {
      expect(output).not.toContain(secret);
    }
  });

  it('adds nothing in a second run', async () => {
    const before = await sandbox.count();
    const summary = await sandbox.json<Summary>([
      'import',
      path(),
      '--case-codes',
      sandbox.file('thousand.codes'),
    ]);
    expect(summary).toMatchObject({ imported: 0, drafted: 0, before: 980, refused: 20 });
    expect(await sandbox.count()).toBe(before);
  });

  it('keeps case codes in their own file and nowhere else, all of it for the owner alone', async () => {
    const journal = readFileSync(`${path()}.journal`, 'utf8');
    const codes = linesOf(sandbox.file('thousand.codes'));
    expect(new Set(codes.map(({ sanction }) => sanction)).size).toBe(codes.length);
    for (const { case_code: code } of codes) expect(journal).not.toContain(code);
    for (const name of ['.journal', '.errors.ndjson']) {
      expect(statSync(path() + name).mode & 0o777).toBe(0o600);
    }
    expect(statSync(sandbox.file('thousand.codes')).mode & 0o777).toBe(0o600);
  });

  it('tells of the notices that a later version of the file adds, once', async () => {
    const sent = new Date().toISOString();
    const notice = { notice_channel: 'letter', notice_language: 'en', notice_sent_at: sent };
    writeCsv(
      path(),
      rows.slice(0, 7).map((row) => ({ ...row, ...notice })),
    );
    const run = () =>
      sandbox.json<Summary>(['import', path(), '--case-codes', sandbox.file('thousand.codes')]);
    expect(await run()).toMatchObject({ imported: 0, notified: 7, refused: 0, exitCode: 0 });
    expect(await run()).toMatchObject({ imported: 0, notified: 0, before: 7, exitCode: 0 });
  });

  it('refuses a row that was changed after it was recorded', async () => {
    writeCsv(path(), [row(0, { account: 'Another account of it.' })]);
    const summary = await sandbox.json<Summary>([
      'import',
      path(),
      '--case-codes',
      sandbox.file('thousand.codes'),
    ]);
    expect(summary.refusedByCode).toEqual({ 'changed-since-import': 1 });
  });
});

describe('an import that is stopped goes on where it was', () => {
  it.each([
    ['SIGKILL', null, ''],
    ['SIGINT', 130, 'same command again'],
  ] as const)('after %s, without doubles', async (signal, exitCode, hint) => {
    const name = signal.toLowerCase();
    const path = sandbox.file(`${name}.ndjson`);
    const args = ['import', path, '--case-codes', sandbox.file(`${name}.codes`)];
    writeNdjson(path, rowsFrom(signal === 'SIGINT' ? 10_000 : 20_000, 200));
    const before = await sandbox.count();
    const child = sandbox.spawn(args);
    const end = finished(child);
    await untilLines(`${path}.journal`, 120);
    child.kill(signal);
    const { code, stderr } = await end;
    expect(code).toBe(exitCode);
    expect(stderr).toContain(hint);
    const taken = (await sandbox.count()) - before;
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(200);
    const resumed = await sandbox.json<Summary>(args);
    expect(resumed).toMatchObject({ refused: 0, exitCode: 0 });
    expect(resumed.before + resumed.imported).toBe(200);
    expect((await sandbox.count()) - before).toBe(200);
    const coded = new Set(linesOf(sandbox.file(`${name}.codes`)).map(({ sanction }) => sanction));
    const held = await sandbox.sql<
      { id: string }[]
    >`select id from sanctions order by id desc limit 200`;
    expect(held.every(({ id }) => coded.has(id))).toBe(true);
  });

  it('after a last line of the journal that was cut off', async () => {
    const path = sandbox.file('cut.ndjson');
    const args = ['import', path, '--case-codes', sandbox.file('cut.codes')];
    writeNdjson(path, rowsFrom(30_000, 3));
    await sandbox.json(args);
    const journal = readFileSync(`${path}.journal`, 'utf8');
    writeFileSync(`${path}.journal`, journal.slice(0, -5));
    const before = await sandbox.count();
    const again = await sandbox.json<Summary>(args);
    expect(again).toMatchObject({ refused: 0, exitCode: 0 });
    expect(again.before + again.imported).toBe(3);
    expect(await sandbox.count()).toBe(before);
  });
});

describe('what one holder may not record alone', () => {
  it('is drafted, and confirmed by a second one', async () => {
    await sandbox.allow(0);
    const path = sandbox.file('drafts.ndjson');
    const args = ['import', path, '--case-codes', sandbox.file('drafts.codes')];
    writeNdjson(path, rowsFrom(40_000, 70));
    expect(await sandbox.json<Summary>(args)).toMatchObject({
      imported: 0,
      drafted: 70,
      confirmed: 0,
    });
    const confirmed = await sandbox.json<Summary>([...args, '--confirm-with', 'Harbour:admin']);
    expect(confirmed).toMatchObject({ drafted: 0, before: 70, confirmed: 70, refused: 0 });
    const states = await sandbox.sql`select 1 from sanctions where submitted_at is null`;
    expect(states).toHaveLength(0);
    await sandbox.allow(100_000);
  });

  it('is not confirmed by the holder who signed it', async () => {
    const path = sandbox.file('drafts.ndjson');
    const args = [
      'import',
      path,
      '--case-codes',
      sandbox.file('x'),
      '--confirm-with',
      'Harbour:trust',
    ];
    expect((await sandbox.run(args)).code).toBe(2);
  });
});

describe('a dry run', () => {
  it('judges every row and sends nothing', async () => {
    const path = sandbox.file('dry.csv');
    writeCsv(path, [...rowsFrom(50_000, 5), row(50_005, { control: '' })]);
    const calls = async () =>
      (await sandbox.sql`select count(*)::int as n from audited_calls`)[0]?.['n'] as number;
    const before = await calls();
    const { code, stdout } = await sandbox.run(['import', path, '--dry-run', '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { dryRun: true, valid: 5, refused: 1 }]);
    expect(await calls()).toBe(before);
  });
});

describe('dates that can be read two ways', () => {
  /** One day, day first. */
  const written = (iso: string): string => {
    const [year, month, day] = iso.slice(0, 10).split('-');
    return [day, month, year].join('/');
  };
  /** The last day before now that is possible day first and month first. */
  const twoWays = (): string => {
    const days = Array.from({ length: 40 }, (_, ago) => daysAgo(ago + 1).slice(0, 10));
    const isOne = (day: string) => Number(day.slice(8)) <= 12 && day.slice(8) !== day.slice(5, 7);
    return days.find(isOne) ?? '';
  };
  const run = (rows: readonly TestRow[], ...more: string[]) => {
    const path = sandbox.file('orders.csv');
    writeCsv(path, rows);
    return sandbox.run(['import', path, '--dry-run', '--json', ...more]);
  };
  const dated = (n: number): TestRow => {
    const day = written(twoWays());
    return row(n, { incident_from: day, incident_to: day, decided_at: day, proven_at: day });
  };

  it('stop the import before its first row until somebody says which number is the day', async () => {
    const { code, stdout } = await run([row(70_000), dated(70_001)]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: 0,
      stopped: {
        code: 'input-invalid',
        message: expect.stringContaining('incident_from, incident_to, decided_at, proven_at'),
        next: expect.stringContaining('--date-order day-first'),
      },
    });
    const chosen = await run([row(70_000), dated(70_001)], '--date-order', 'day-first');
    expect([chosen.code, JSON.parse(chosen.stdout)]).toMatchObject([0, { valid: 2 }]);
  });

  it('are errors of their rows where the column contradicts itself or the person', async () => {
    const rows = [row(70_002, { decided_at: '25/03/2026' }), row(70_003)];
    const { code, stdout } = await run(rows, '--date-order', 'month-first');
    const summary = JSON.parse(stdout) as Summary;
    expect([code, summary]).toMatchObject([1, { valid: 1, refused: 1 }]);
    expect(linesOf(summary.errorFile)[0]?.['issues']).toEqual([
      {
        line: 2,
        path: 'decided_at',
        code: 'orders-mixed',
        allowed: ['2026-03-01', '2026-03-01T12:00Z', '25/03/2026', '25.3.2026'],
      },
    ]);
  });
});

describe('rows of one external_id', () => {
  it('are identifiers of one sanction when adjacent, and refused when not', async () => {
    const path = sandbox.file('grouped.csv');
    const second = row(60_000, { identifier: 'second-60000.example', account: '' });
    writeCsv(path, [row(60_000), second, row(60_001), row(60_000)]);
    const summary = await sandbox.json<Summary>([
      'import',
      path,
      '--case-codes',
      sandbox.file('g'),
    ]);
    expect(summary).toMatchObject({ imported: 2, refusedByCode: { 'duplicate-external-id': 1 } });
    const subjects = await sandbox.sql`
      select sanction, count(*)::int as n from subjects group by 1 having count(*) > 1 and min(position) >= 0
      order by sanction desc limit 1`;
    expect(subjects[0]?.['n']).toBe(2);
  });
});
