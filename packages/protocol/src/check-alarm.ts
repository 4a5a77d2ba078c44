/** An alarm stops the checks of a platform until two operators log its cause. */
export const checkAlarms = ['looked-without-asking', 'enumeration'] as const;
export type CheckAlarm = (typeof checkAlarms)[number];

/**
 * The causes of an alarm. The list is closed, since everybody reads it in the log: no words about a person get there.
 */
export const alarmExplanations = [
  'client-fault',
  'signup-wave',
  'fault-of-the-registry',
  'misuse-ended',
] as const;
export type AlarmExplanation = (typeof alarmExplanations)[number];
