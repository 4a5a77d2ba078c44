import { Note } from '@recourse/design';
import { isRecourseError } from '@recourse/sdk';
import type { ReactNode } from 'react';
import { Problem } from '../parts/problem.tsx';

/** Refusals of a reviewer by path and code, with the next step. */
const texts: Readonly<Record<string, string>> = {
  'evidence not-confirmed': 'Confirm first that every item of evidence opens and fits.',
  'evidence not-delivered': 'The platform has not delivered all evidence yet.',
  'evidence disputed': 'Another reviewer looks at a disputed item first.',
  'claims too-many-open': 'You have as many cases as one reviewer may have. Decide one first.',
  'claims too-many-lapses':
    'Three assignments lapsed in 90 days. The admin of the panel has to look before you get another.',
  'vote closed': 'The vote was closed meanwhile.',
  'item already-disputed': 'This item is disputed already.',
  'questions no-gist': 'Tell the creator the gist of the evidence first.',
  'questions gist-unanswered': 'The creator still has time to answer the gist.',
  'questions too-late': 'Nothing is asked after day 30 of an assignment. Decide on what is there.',
  'questions too-many': 'A round has ten questions. The next begins once the first is due.',
  'questions too-many-rounds': 'You asked three rounds of questions. Decide on what is there.',
  'decision.outcome record-ended': 'The record has ended: uphold it, or make a finding.',
  'decision.outcome record-live': 'The record has not ended: a finding is not possible.',
  'decision.outcome too-late': 'An appeal is dismissed in the first days only. Choose another.',
  'decision.outcome enough-today': 'You took from ten records today. Decide this one tomorrow.',
  'decision.outcome enough-of-group':
    'You took from thirty records of this group in 30 days. Give this one back: another reviewer decides it.',
  'decision.outcome amendment-missing': 'Say what the amendment changes.',
  'decision.reason not-lesser': 'Choose a lesser reason: one with a shorter or equal life.',
  'decision.exp in-the-past': 'Choose a day that lies ahead, or reverse the record.',
  'decision.exp not-earlier': 'Choose a day before the record ends anyway.',
  'decision.exp beyond-reason': 'Under that reason a record may not live so long.',
  'decision.detach all-subjects': 'Without any identifier nothing is left: reverse the record.',
  'decision.detach no-such-subject': 'No identifier of the record stands at that place.',
  'reasons.tie missing': 'Say what ties this creator to the evidence, or that nothing does.',
  'appeal too-many-recusals': 'Ask the admin of the panel to excuse you first.',
  'appeal closed': 'The case was closed meanwhile.',
  'until already-relieved': 'The record is suspended already.',
  'until not-due': 'Relief was decided before.',
  'until too-late': 'Choose a day within the next 14 days.',
  'until in-the-past': 'Choose a day that lies ahead.',
  'sanction ended': 'The record has ended, so nothing is left to suspend.',
};

/** A refusal in the words of this desk where it has them; else as every desk shows it. */
export function Refusal({ error }: { readonly error: unknown }): ReactNode {
  const known = isRecourseError(error)
    ? error.issues.flatMap(({ path, code }) => texts[`${path} ${code}`] ?? [])
    : [];
  if (known.length === 0) return <Problem error={error} />;
  return (
    <Note tone="bad" title="The registry refused this." announce>
      {known.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </Note>
  );
}
