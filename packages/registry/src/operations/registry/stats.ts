import { mostEntries } from '@recourse/blind/prefixes';
import { watched, watchedAlerts, type OpOutput, type WatchedAlert } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { countRows } from '../../parties/store.ts';
import { readFigures, waitsOf, type Figures } from '../../readers/figures/read-figures.ts';

type Watched = OpOutput<'registry.stats'>['watched'][number];

/** How much there is of everything, how much of the log is signed and served, and what the alerts of the tables read. */
export async function registryStats(ctx: CallContext): Promise<OpOutput<'registry.stats'>> {
  const { db, now } = ctx;
  const [counts, figures] = await Promise.all([
    countRows(db),
    readFigures(db, { now, deadlines: ctx.services.deadlines }),
  ]);
  const { log, archive } = figures;
  return {
    counts: { ...counts, ledger_signed: log.signed, ledger_served: log.served },
    watched: watch(figures, now),
    archive: {
      isOn: archive.isOn,
      ...(archive.newestAt ? { newestAt: archive.newestAt.toISOString() } : {}),
    },
  };
}

/** What each alert of the tables reads now, and whether that is more than it allows. The alert itself waits a while. */
function watch(figures: Figures, now: Date): Watched[] {
  const values = valuesOf(figures, now);
  return watchedAlerts.map((alert) => {
    const value = values[alert];
    return { alert, value, isBeyond: value > watched[alert].above };
  });
}

function valuesOf(figures: Figures, now: Date): Record<WatchedAlert, number> {
  const { log, witnesses, duties, prefixTokens, due, failing, archive } = figures;
  const waits = waitsOf(figures, now);
  const { report = 0, ...others } = failing;
  return {
    RecourseLogLate: Math.round(waits.pending),
    RecourseLogUnsigned: Math.round(waits.unsigned),
    RecourseLogUnserved: Math.max(0, log.signed - log.served),
    RecourseWitnessBehind: witnesses.behind,
    RecoursePrefixSetFull: Math.round((prefixTokens / mostEntries) * 1000) / 1000,
    RecourseDueLate: Math.max(0, ...Object.values(due)),
    RecourseDueFailing: Math.max(0, ...Object.values(others)),
    RecourseReportFailing: report,
    RecourseNoticesWaiting: Math.round(waits.notices),
    RecourseRecallsOverdue: duties.recallsOverdue,
    RecourseEventsWaiting: Math.round(waits.events),
    RecourseArchiveFailing: Number(archive.isFailing),
  };
}
