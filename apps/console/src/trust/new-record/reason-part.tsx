import { Facts } from '@recourse/design';
import { reasonCodes, reasons, type ProofAlternative, type ReasonCode } from '@recourse/protocol';
import { useState, type ReactNode } from 'react';
import {
  Button,
  Input,
  Label,
  Radio,
  RadioGroup,
  SearchField,
  FieldError,
} from 'react-aria-components';
import { useFieldFault } from '../../parts/field-fault.tsx';
import { words } from '../../parts/words.ts';

interface ReasonPartProps {
  readonly value: ReasonCode | undefined;
  readonly onChange: (reason: ReasonCode) => void;
}

/** The closed list: each reason by what it is and is not, with its proof floor and life beside it. */
export function ReasonPart({ value, onChange }: ReasonPartProps): ReactNode {
  const { error, mend } = useFieldFault('reason', 'Reason', undefined);
  const [wanted, setWanted] = useState('');
  const [isOpen, setOpen] = useState(value === undefined);
  const isShown = (code: ReasonCode): boolean =>
    code === value || ((isOpen || wanted !== '') && matches(code, wanted));
  const found = reasonCodes.filter(isShown);
  return (
    <>
      <SearchField value={wanted} onChange={setWanted}>
        <Label>Find a reason</Label>
        <Input />
      </SearchField>
      <RadioGroup
        data-field="reason"
        value={value ?? null}
        onChange={(code) => {
          const chosen = reasonCodes.find((one) => one === code);
          mend();
          if (chosen) onChange(chosen);
          setOpen(false);
        }}
        isInvalid={error !== undefined}
        className="react-aria-RadioGroup reasons"
      >
        <Label>Reason</Label>
        {found.map((code) => (
          <Radio key={code} value={code}>
            <span>
              <strong>{reasons[code].texts.en.title}</strong> <code>{code}</code>
              <br />
              {reasons[code].act}
              {code === value ? <Details code={code} /> : null}
            </span>
          </Radio>
        ))}
        {found.length === 0 ? <p>No reason is called that. There is no “other”.</p> : null}
        <FieldError>{error}</FieldError>
      </RadioGroup>
      {isOpen ? null : (
        <div>
          <Button onPress={() => setOpen(true)}>Show every reason</Button>
        </div>
      )}
    </>
  );
}

const matches = (code: ReasonCode, wanted: string): boolean => {
  const { texts, act, isNot } = reasons[code];
  const all = `${code} ${texts.en.title} ${act} ${isNot}`.toLowerCase();
  return all.includes(wanted.trim().toLowerCase());
};

function Details({ code }: { readonly code: ReasonCode }): ReactNode {
  const { isNot, proofFloor, longestLifeMonths, answersNow, askedAt } = reasons[code];
  return (
    <Facts
      facts={{
        'It is not': isNot,
        'Proof floor': proofFloor.map(alternative).join(', or '),
        Life:
          longestLifeMonths === null
            ? 'as long as the record that was evaded'
            : `${longestLifeMonths / 2} months from the end of the incident, ${longestLifeMonths} with a gravity`,
        'Checks answer': answersNow
          ? 'at once after a delivered notice'
          : '72 hours after a delivered notice',
        'Asked at': askedAt.map(words).join(', '),
      }}
    />
  );
}

const alternative = (lines: ProofAlternative): string =>
  lines
    .map(({ class: name, min, distinctHolders }) => {
      const by = distinctHolders ? ' by different people' : '';
      return `${min} × ${words(name)}${by}`;
    })
    .join(' and ');
