/** What stops the checks of a platform until two operators log what it was. */
export const checkAlarms = ['looked-without-asking', 'enumeration'] as const;
export type CheckAlarm = (typeof checkAlarms)[number];

/** What an alarm turned out to be. Closed, since it is logged for everyone: no words about anybody get there. */
export const alarmExplanations = [
  'client-fault',
  'signup-wave',
  'fault-of-the-registry',
  'misuse-ended',
] as const;
export type AlarmExplanation = (typeof alarmExplanations)[number];
