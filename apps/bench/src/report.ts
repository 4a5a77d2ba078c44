import { cpus, totalmem } from 'node:os';

/** One bar: a ratio or a growth inside this run, and what it should be. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly bar: string;
  readonly ok: boolean;
}

export interface Report {
  readonly bench: string;
  /** Data sizes and settings of this run */
  readonly setting: Readonly<Record<string, string | number>>;
  /** A row a side: absolute figures, which only this machine has */
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  readonly bars: readonly Bar[];
  readonly notes: readonly string[];
}

export const atLeast = (name: string, value: number, least: number): Bar => ({
  name,
  value: round(value),
  bar: `>=${least}`,
  ok: value >= least,
});

export const atMost = (name: string, value: number, most: number): Bar => ({
  name,
  value: round(value),
  bar: `<=${most}`,
  ok: value <= most,
});

export const round = (value: number): number => Number(value.toPrecision(3));

/** For people who wait; results are on stdout. */
export const progress = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** A table for people, then for machines one last line of JSON. */
export function print(report: Report, json: boolean): void {
  if (!json) {
    console.log(`\n${report.bench} on ${describe()}`);
    console.log(
      Object.entries(report.setting)
        .map(([name, value]) => `${name}: ${value}`)
        .join(', '),
    );
    console.table(report.rows);
    if (report.bars.length > 0) console.table(report.bars);
    for (const note of report.notes) console.log(`- ${note}`);
  }
  const { bench, bars, rows, setting } = report;
  console.log(JSON.stringify({ bench, machine: machine(), setting, rows, bars }));
}

const machine = () => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
});

function describe(): string {
  const { cpu, cores, memoryGiB, node } = machine();
  return `${cores} x ${cpu}, ${memoryGiB} GiB, Node.js ${node}`;
}
