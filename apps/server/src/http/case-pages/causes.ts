/** Why something ended, paused or happened: codes that the registry may add to, so an unknown one is shown as it is. */
const causes: Readonly<Record<string, string>> = {
  error: 'it was a mistake',
  'mistaken-identity': 'it was about somebody else',
  victim: 'you were the victim, not the one who did it',
  disproportionate: 'it was out of proportion',
  expression: 'it was about something you may say or publish',
  'authority-origin': 'an authority was behind it',
  minor: 'you were under age',
  'insufficient-evidence': 'the evidence did not show it',
  'evidence-not-delivered': 'the platform did not deliver its evidence in time',
  'evidence-mismatch': 'the evidence was not what the platform had committed to',
  conceded: 'the platform agreed with the appeal',
  'key-compromise': 'the key that signed it was in other hands',
  lapsed: 'no decision was made in time',
  'no-notice': 'the platform did not tell you in time',
  'draft-lapsed': 'nobody confirmed it in time',
  'evaded-ended': 'the record it builds on has ended',
  expired: 'its time was over',
  'evidence-overdue': 'the platform is late with its evidence',
  'decision-overdue': 'the decision is late',
  relief: 'a reviewer paused it while looking at it',
  'key-compromised': 'the key that signed it was in other hands',
  'notice-overdue': 'the platform is late with its notice',
  'echo-overdue':
    'a record it may rest on has fallen, and the platform has not confirmed it on its own',
  'echo-unconfirmed':
    'a record it may rest on fell, and the platform did not confirm it on its own',
  restore:
    'the registry went back to an old copy of its records, and read this from its public log',
  'home-reversal': 'the platform took back its own measure',
};

const events: Readonly<Record<string, string>> = {
  drafted: 'The platform laid the record down, for a second person to confirm.',
  submitted: 'The platform recorded it here.',
  notified: 'The platform says that it told you.',
  visible: 'Platforms that ask are told of it from now on.',
  disputed: 'An appeal was opened.',
  'appeal-opened': 'An appeal was opened.',
  'withdrawal-asked': 'It was asked to withdraw the appeal.',
  'appeal-kept': 'The appeal was kept after all.',
  'appeal-withdrawn': 'The appeal was withdrawn.',
  'appeal-lapsed': 'The appeal succeeded, as time ran out.',
  'ticket-issued': 'A platform vouched for somebody who asked for their cases.',
  'appeal-void': 'An appeal by somebody else was declared void.',
  suspended: 'The record was paused.',
  'relief-over': 'The pause by the reviewer ran out.',
  reinstated: 'The record answers again.',
  upheld: 'The appeal was decided: the record stays.',
  dismissed: 'The appeal was dismissed.',
  amended: 'The record was changed in your favour.',
  ended: 'The record ended.',
  finding: 'The record was found to have been wrong.',
  responded: 'The platform answered the appeal.',
  'reviewer-claimed': 'A reviewer took the appeal.',
  'reviewer-recused': 'The reviewer gave the appeal back; another one will take it.',
  asked: 'The reviewer asked a question.',
  'evidence-delivered': 'The platform delivered its evidence.',
  'evidence-confirmed': 'The reviewer has opened the evidence.',
  'evidence-rejected': 'A piece of evidence was destroyed, as nobody may hold it.',
  'echo-review':
    'A record it may rest on fell. The platform must confirm it on its own, or it ends.',
  'echo-confirmed': 'The platform confirmed it with evidence of its own.',
  'appeal-decided': 'The appeal was decided.',
  'appeal-upheld': 'The appeal was decided: the record stays.',
  'appeal-dismissed': 'The appeal was dismissed.',
  'appeal-amended': 'The appeal was decided: the record was changed in your favour.',
};

export const causeText = (code: string): string => causes[code] ?? code.replaceAll('-', ' ');

export const eventText = (code: string): string => events[code] ?? code.replaceAll('-', ' ');
