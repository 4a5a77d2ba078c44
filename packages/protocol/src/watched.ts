/** What fires an alert: more than `above` of its unit. */
interface Limit {
  readonly above: number;
  /** `share`: of what there may be */
  readonly unit: 'seconds' | 'count' | 'share';
}

const none = { above: 0, unit: 'count' } as const;

/**
 * The alerts of a registry that the tables of its database decide, by name. Those of one server or machine are its
 * own. The limits are those of operate/prometheus-rules.yaml; docs/alerts.md says what to do.
 */
export const watched = {
  RecourseLogLate: { above: 20, unit: 'seconds' },
  RecourseLogUnsigned: { above: 20, unit: 'seconds' },
  RecourseLogUnserved: none,
  RecourseWitnessBehind: none,
  RecoursePrefixSetFull: { above: 0.8, unit: 'share' },
  RecourseDueLate: { above: 100, unit: 'count' },
  RecourseDueFailing: none,
  RecourseReportFailing: none,
  RecourseNoticesWaiting: { above: 86_400, unit: 'seconds' },
  RecourseRecallsOverdue: none,
  RecourseEventsWaiting: { above: 172_800, unit: 'seconds' },
  RecourseArchiveFailing: none,
} as const satisfies Record<string, Limit>;

export type WatchedAlert = keyof typeof watched;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its own keys
export const watchedAlerts = Object.keys(watched) as [WatchedAlert, ...WatchedAlert[]];
