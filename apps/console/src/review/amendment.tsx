import { isLesserReason, reasonCodes, reasons } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Choice, Ticks } from '../parts/choice.tsx';
import { DateChoice } from '../parts/date-choice.tsx';
import { FaultText } from '../parts/field-fault.tsx';
import { words } from '../parts/words.ts';
import type { ReviewCase } from './case-data.ts';
import type { CaseDraft } from './case-draft.ts';

const stays = 'stays';

interface AmendmentProps {
  readonly of: ReviewCase;
  readonly draft: CaseDraft;
  readonly change: (part: Partial<CaseDraft>) => void;
}

/** Asks for the changes of an amendment: a lesser reason, an earlier end, identifiers that no longer match. */
export function Amendment({ of, draft, change }: AmendmentProps): ReactNode {
  const lesser = reasonCodes.filter((code) => isLesserReason(code, of.reason));
  const places = placesOf(of);
  return (
    <div className="stack panel" role="group" aria-label="What the amendment changes">
      <FaultText name="amendment" label="What the amendment changes" />
      <Choice
        name="reason"
        label="Reason"
        options={[stays, ...lesser]}
        value={draft.lesser === '' ? stays : draft.lesser}
        onChange={(code) => change({ lesser: code === stays ? '' : code })}
        text={(code) => (code === stays ? 'The reason stays' : reasons[code].texts.en.title)}
      />
      <DateChoice
        name="expires"
        label="Last day of the record"
        about="Before the day on which it ends anyway. Leave it empty to keep that day."
        value={draft.expires}
        onChange={(expires) => change({ expires })}
      />
      {places.length === 0 ? null : (
        <Ticks
          name="detach"
          label="Identifiers that no longer match"
          options={places.map(String)}
          value={draft.detach.map(String)}
          onChange={(detach) => change({ detach: detach.map(Number) })}
          text={(place) => `Identifier ${Number(place) + 1}: ${words(kindAt(of, place))}`}
        />
      )}
    </div>
  );
}

/** Those that are in the record still. */
const placesOf = (theCase: ReviewCase): number[] =>
  theCase.subjects.filter(({ detachedAt }) => detachedAt === undefined).map(({ index }) => index);

const kindAt = ({ subjects }: ReviewCase, place: string): string =>
  subjects.find(({ index }) => index === Number(place))?.kind ?? '';
