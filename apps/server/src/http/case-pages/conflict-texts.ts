/** Why something cannot be done now, by the code of the issue, and what to do instead. */
export const conflictTexts: Readonly<Record<string, string>> = {
  claimed:
    'Somebody has claimed this case. If that was not you, find the case by an address of yours and take it over.',
  'claim-first': 'Claim the case first: with the code alone nobody can act on it.',
  'claimed-contest-first':
    'Somebody has claimed this case with the code from the notice. Open the case and take it over first.',
  'not-proven':
    'A ticket of the platform that made the record takes it from nobody. Find the case by an address of yours, or by a ticket of another platform.',
  'held-by-proof':
    'Somebody else who proved an address of this record holds the case. Write to the contact of the platform.',
  'not-holder': 'Only whoever holds the case can do that. Appeal, and the case is yours.',
  'is-key': 'This key opens the case already. It need not be claimed.',
  'not-claimed': 'Nobody has claimed this case, so there is nobody to take it from.',
  own: 'You hold this case already.',
  'no-open-appeal': 'There is no open appeal. It may have been decided since you opened the page.',
  'not-open': 'This question is answered, or the appeal is closed.',
  'too-many': 'No more can be added to this appeal. What you added before is there.',
  'already-open': 'There is an open appeal already. You can add to it.',
  'already-reversed': 'The record was found to be wrong already. There is nothing left to appeal.',
  'window-closed': 'The time to appeal is over: it ends 180 days after the record has ended.',
  'too-soon':
    'It is too early: a later appeal needs something new, and 90 days since the last one was decided.',
  'not-dismissed': 'Only an appeal that was dismissed can be looked at again.',
  'already-reopened': 'Another reviewer has looked at it again. That is possible once.',
  'not-righted':
    'There is a letter only once the record was reversed, withdrawn or found to be wrong.',
  requested: 'You asked for that before. It is done as soon as nothing is open.',
  draft: 'The platform has not confirmed this record yet.',
};
