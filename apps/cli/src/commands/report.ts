import {
  transparencyReportSchema,
  type PlatformReport,
  type TransparencyReport,
} from '@recourse/protocol';
import { InvalidArgumentError } from 'commander';
import { command } from '../command.ts';
import { CliError } from '../errors.ts';
import { getJson } from '../get-json.ts';
import { optional, text, value } from '../options.ts';
import { publicUrl } from '../profile/resolve-identity.ts';
import { printable, type Terminal } from '../terminal.ts';

interface ReportFlags {
  readonly platform?: string;
  readonly month?: string;
}

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
    terminal.result(report, () => show(terminal, report, flags));
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

function show(terminal: Terminal, report: TransparencyReport, { month }: ReportFlags): void {
  const { asOf, agrees, comparison, smallestCell } = report;
  terminal.line(`As of ${asOf}.`);
  terminal.line(
    agrees
      ? `Tables and ledger say the same, over ${comparison.entries} entries.`
      : `Tables and ledger differ in ${comparison.differences.length} figures; ${comparison.unopened} entries cannot be opened.`,
  );
  terminal.table(
    ['platform', 'reason', 'figure', 'n'],
    report.platforms.flatMap((one) => (month === undefined ? totalRows(one) : monthRows(one))),
  );
  if (month !== undefined)
    terminal.line(`Of a reason, fewer than ${smallestCell} in a month are not told.`);
}

const totalRows = ({ name, totals, speech }: PlatformReport): string[][] => [
  ...rowsOf(name, 'all', totals),
  ...rowsOf(name, 'nearest to speech', speech.totals),
];

const monthRows = ({ name, months, periods }: PlatformReport): string[][] => [
  ...months.flatMap(({ reason, figures }) => rowsOf(name, reason, figures)),
  ...periods.flatMap(({ figures }) => rowsOf(name, '', figures)),
];

const rowsOf = (name: string, reason: string, figures: Readonly<Record<string, number>>) =>
  Object.entries(figures).map(([figure, n]) => [
    printable(name),
    reason,
    printable(figure),
    String(n),
  ]);

function parseMonth(text: string): string {
  if (/^20\d{2}-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError('It takes a month such as 2026-03.');
}
