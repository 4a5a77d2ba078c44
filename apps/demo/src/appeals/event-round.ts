import type { EventType, Id } from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import { pollEvents } from '@recourse/sdk/events';
import type { Stage } from './appeal-stage.ts';
import type { SampleCase } from './sample-case.ts';

const ofTold = ['sanction-disputed', 'sanction-reversed'] as const;

/** Everybody concerned polls until nothing waits, and acknowledges: the submitter, and each platform that was told. */
export async function eventRound(stage: Stage, cases: readonly SampleCase[]): Promise<void> {
  const { steps, harbour, told } = stage;
  const sanctions = new Set(cases.map(({ sanction }) => sanction));
  const expected: readonly (readonly [string, Recourse, readonly EventType[]])[] = [
    ['Harbour', harbour, ['appeal-opened', 'evidence-requested', 'sanction-reversed']],
    ...told.map(({ name, platform }) => [name, platform, ofTold] as const),
  ];
  for (const [name, platform, types] of expected) {
    const counts = await drain(stage, platform, sanctions);
    const seen = types.every((type) => counts.get(type)?.size === cases.length);
    const rest = await pollEvents(platform.session, { maxEvents: 16 });
    const kinds = [...counts].map(([kind, members]) => `${kind} ${members.size}`).join(', ');
    steps.check(
      `${name} polls its events, each verified, and acknowledges them`,
      seen && rest.events.length === 0,
      kinds,
    );
  }
}

/** Collects the sanctions of the events by type. */
async function drain(
  { timings }: Stage,
  platform: Recourse,
  sanctions: ReadonlySet<string>,
): Promise<Map<EventType, Set<string>>> {
  const counts = new Map<EventType, Set<string>>();
  let ack: Id<'evt'>[] = [];
  for (;;) {
    const polled = await timings.of('events.poll', () =>
      pollEvents(platform.session, { maxEvents: 256, ack }),
    );
    for (const { type, sanction } of polled.events) {
      if (!sanctions.has(sanction)) continue;
      counts.set(type, (counts.get(type) ?? new Set()).add(sanction));
    }
    ack = polled.events.map(({ id }) => id);
    if (ack.length === 0) return counts;
  }
}
