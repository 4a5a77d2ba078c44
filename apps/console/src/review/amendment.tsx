import { isLesserReason, reasonCodes, reasons } from '@recourse/protocol';
import type { ReactNode } from 'react';
import {
  Button,
  Checkbox,
  CheckboxGroup,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
} from 'react-aria-components';
import { Field } from '../parts/field.tsx';
import { isInspection, type ReviewCase } from './case-data.ts';
import type { CaseDraft } from './case-draft.ts';

interface AmendmentProps {
  readonly of: ReviewCase;
  readonly draft: CaseDraft;
  readonly change: (part: Partial<CaseDraft>) => void;
  readonly error: string | undefined;
}

/** What an amendment changes: a lesser reason, an earlier end, identifiers that no longer match. */
export function Amendment({ of, draft, change, error }: AmendmentProps): ReactNode {
  const lesser = reasonCodes.filter((code) => isLesserReason(code, of.reason));
  const places = placesOf(of);
  return (
    <div className="stack panel" role="group" aria-label="What the amendment changes">
      {error === undefined ? null : <p className="field-error">{error}</p>}
      <Select
        value={draft.lesser === '' ? 'same' : draft.lesser}
        onChange={(key) => change({ lesser: lesser.find((code) => code === key) ?? '' })}
      >
        <Label>Reason</Label>
        <Button>
          <SelectValue />
        </Button>
        <Popover>
          <ListBox>
            <ListBoxItem id="same">The reason stays</ListBoxItem>
            {lesser.map((code) => (
              <ListBoxItem key={code} id={code}>
                {reasons[code].texts.en.title}
              </ListBoxItem>
            ))}
          </ListBox>
        </Popover>
      </Select>
      <Field
        name="expires"
        label="Last day of the record"
        type="date"
        isOptional
        about="Before the day on which it ends anyway. Leave it empty to keep that day."
        value={draft.expires}
        onChange={(expires) => change({ expires })}
      />
      {places.length === 0 ? null : (
        <CheckboxGroup
          value={draft.detach.map(String)}
          onChange={(detach) => change({ detach: detach.map(Number) })}
        >
          <Label>Identifiers that no longer match</Label>
          {places.map((place) => (
            <Checkbox key={place} value={String(place)}>
              <span>Identifier {place + 1}</span>
            </Checkbox>
          ))}
        </CheckboxGroup>
      )}
    </div>
  );
}

/** Those by which somebody came: of others a reviewer knows nothing. */
function placesOf(one: ReviewCase): number[] {
  if (isInspection(one)) return [];
  const places = one.claimants.flatMap(({ ways }) => ways.flatMap(({ place }) => place ?? []));
  return [...new Set(places)].toSorted((a, b) => a - b);
}
