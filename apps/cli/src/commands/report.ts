import {
  transparencyReportSchema,
  type PlatformReport,
  type TransparencyReport,
} from '@recourse/protocol';
import { command } from '../command.ts';
import { CliError } from '../errors.ts';
import { getJson } from '../profile/registry-documents.ts';
import { optional, taking, text, value } from '../options.ts';
import { publicUrl } from '../profile/resolve-identity.ts';
import { table, type Output } from '../terminal.ts';

interface ReportFlags {
  readonly platform?: string;
  readonly month?: string;
}

const parseMonth = taking('a month such as 2026-03', (text) =>
  /^20\d{2}-(0[1-9]|1[0-2])$/.test(text) ? text : undefined,
);

export const reportCommand = command(
  {
    name: 'report',
    about: 'what the registry did, in figures, as its public report says',
    flags: {
      platform: optional(text('platform', 'of one platform, by its plt_… or its name')),
      month: optional(
        value('month', 'of one month, such as 2026-03, instead of the totals', parseMonth),
      ),
    },
  },
  async (flags, { terminal, options, environment }) => {
    const url = await publicUrl(options, environment);
    const whole = reportIn(await getJson(`${url}/transparency/report.json`));
    const report = { ...whole, platforms: chosen(whole, flags) };
    terminal.result(report, () => shown(report, flags));
  },
);

function reportIn(json: unknown): TransparencyReport {
  const { data } = transparencyReportSchema.safeParse(json);
  if (data) return data;
  throw new CliError('registry-answer-invalid', {
    message: 'The report of the registry cannot be read.',
    next: 'Check that a registry of this version runs there.',
  });
}

function chosen(
  { platforms }: TransparencyReport,
  { platform, month }: ReportFlags,
): PlatformReport[] {
  const some = platforms.filter(({ platform: id, name }) => {
    return platform === undefined || id === platform || name === platform;
  });
  if (some.length === 0 && platform !== undefined) {
    throw new CliError('usage', {
      message: 'The report names no such platform.',
      next: 'Copy its id or name from recourse parties.',
    });
  }
  return month === undefined ? some : some.map((one) => onlyMonth(one, month));
}

const onlyMonth = (one: PlatformReport, month: string): PlatformReport => ({
  ...one,
  periods: one.periods.filter(({ period }) => period === month),
  years: [],
  months: one.months.filter((cell) => cell.month === month),
});

const shown = (report: TransparencyReport, { month }: ReportFlags): Output => [
  `As of ${report.asOf}.`,
  report.agrees
    ? `Tables and ledger say the same, over ${report.comparison.entries} entries.`
    : `Tables and ledger differ in ${report.comparison.differences.length} figures; ${report.comparison.unopened} entries cannot be opened.`,
  table(
    ['platform', 'reason', 'figure', 'n'],
    report.platforms.flatMap((one) => (month === undefined ? totalRows(one) : monthRows(one))),
  ),
  month !== undefined && `Of a reason, fewer than ${report.smallestCell} in a month are not told.`,
];

const totalRows = ({ name, totals, speech }: PlatformReport): string[][] => [
  ...rowsOf(name, 'all', totals),
  ...rowsOf(name, 'nearest to speech', speech.totals),
];

const monthRows = ({ name, months, periods }: PlatformReport): string[][] => [
  ...months.flatMap(({ reason, figures }) => rowsOf(name, reason, figures)),
  ...periods.flatMap(({ figures }) => rowsOf(name, '', figures)),
];

const rowsOf = (name: string, reason: string, figures: Readonly<Record<string, number>>) =>
  Object.entries(figures).map(([figure, n]) => [name, reason, figure, String(n)]);
