import type { Outbox } from './outbox/outbox.ts';
import type { Questions } from './questions/questions.ts';

type Labels = Readonly<Record<string, string | number>>;

interface Family {
  readonly type: 'counter' | 'gauge';
  readonly help: string;
}

/** Everything that is counted. Labels are of closed lists, so that no id and no identifier can become one. */
const families = {
  recourse_agent_requests_total: {
    type: 'counter',
    help: 'Requests of local services, by route and status.',
  },
  recourse_agent_checks_total: { type: 'counter', help: 'Checks, by advice.' },
  recourse_agent_deliveries_total: {
    type: 'counter',
    help: 'Attempts to deliver an intent, by kind and end.',
  },
  recourse_agent_events_total: { type: 'counter', help: 'Events of the registry, by type.' },
  recourse_agent_webhook_total: { type: 'counter', help: 'Attempts to post an event, by end.' },
  recourse_agent_inbox_total: { type: 'counter', help: 'Webhooks of others, by source and end.' },
  recourse_agent_outbox: { type: 'gauge', help: 'Intents, by state.' },
  recourse_agent_outbox_oldest_seconds: {
    type: 'gauge',
    help: 'How long the oldest intent has waited.',
  },
  recourse_agent_questions_waiting: {
    type: 'gauge',
    help: 'Questions that are kept until the registry answers.',
  },
  recourse_agent_questions_total: { type: 'counter', help: 'Questions that ended, by state.' },
  recourse_agent_registry_up: {
    type: 'gauge',
    help: '1 unless the last delivery, or kept question, found no registry.',
  },
  recourse_agent_start_time_seconds: { type: 'gauge', help: 'When the process started.' },
} as const satisfies Record<string, Family>;

export type MetricName = keyof typeof families;

export interface Sample {
  readonly name: MetricName;
  readonly labels?: Labels;
  readonly value: number;
}

/** Counts, and writes them with what is measured when asked (Prometheus text format 0.0.4). */
export class Metrics {
  readonly #counts = new Map<MetricName, Map<string, number>>();
  readonly #gauges: (() => readonly Sample[])[] = [];

  count(name: MetricName, labels: Labels = {}): void {
    const series = this.#counts.get(name) ?? new Map<string, number>();
    const key = written(labels);
    this.#counts.set(name, series.set(key, (series.get(key) ?? 0) + 1));
  }

  /** Adds what is measured each time that somebody asks. */
  measure(gauges: () => readonly Sample[]): void {
    this.#gauges.push(gauges);
  }

  text(): string {
    const lines = new Map<MetricName, string[]>();
    const add = (name: MetricName, labels: string, value: number): void => {
      lines.set(name, [...(lines.get(name) ?? []), `${name}${labels} ${value}`]);
    };
    for (const [name, series] of this.#counts) {
      for (const [labels, value] of series) add(name, labels, value);
    }
    for (const { name, labels = {}, value } of this.#gauges.flatMap((gauges) => gauges())) {
      add(name, written(labels), value);
    }
    return [...lines]
      .flatMap(([name, series]) => [
        `# HELP ${name} ${families[name].help}`,
        `# TYPE ${name} ${families[name].type}`,
        ...series,
        '',
      ])
      .join('\n');
  }
}

function written(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${String(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

interface Measured {
  readonly outbox: Outbox;
  readonly questions: Questions;
  readonly clock: () => Date;
}

/** Measures how much waits, how long, and whether the registry was there. */
export function measureWork(metrics: Metrics, { outbox, questions, clock }: Measured): void {
  const started = clock().getTime() / 1000;
  metrics.measure(() => {
    const [oldest] = outbox.list('waiting');
    const since = oldest ? Date.parse(oldest.entry.takenAt) : clock().getTime();
    return [
      ...(['waiting', 'refused', 'done'] as const).map((state) => ({
        name: 'recourse_agent_outbox' as const,
        labels: { state },
        value: outbox.count(state),
      })),
      {
        name: 'recourse_agent_outbox_oldest_seconds',
        value: Math.max(0, (clock().getTime() - since) / 1000),
      },
      { name: 'recourse_agent_questions_waiting', value: questions.waiting() },
      { name: 'recourse_agent_registry_up', value: Number(!outbox.isAway && !questions.isAway) },
      { name: 'recourse_agent_start_time_seconds', value: started },
    ];
  });
}
