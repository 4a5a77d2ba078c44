import { controls, identifierKinds, type IdentifierKind } from '@recourse/protocol';
import { useEffect, useState, type ReactNode } from 'react';
import { Button, Group, Input, Label, Text, TextField, FieldError } from 'react-aria-components';
import { Choice } from '../../parts/choice.tsx';
import { DateChoice } from '../../parts/date-choice.tsx';
import { useFieldFault } from '../../parts/field-fault.tsx';
import type { ReadIdentifier } from '../read-identifier.ts';
import type { IdentifierRow } from './record-form.ts';

interface IdentifiersPartProps {
  readonly rows: readonly IdentifierRow[];
  readonly onChange: (rows: readonly IdentifierRow[]) => void;
}

const most = 8;

/**
 * Asks for identifiers that the creator was proven to control, with how and when. Each is checked as it is typed, in
 * this browser.
 */
export function IdentifiersPart({ rows, onChange }: IdentifiersPartProps): ReactNode {
  const put = (at: number, row: IdentifierRow): void => onChange(rows.with(at, row));
  return (
    <>
      {rows.map((row, at) => (
        <Row
          // oxlint-disable-next-line react/no-array-index-key -- a row has no other name while it is typed
          key={at}
          row={row}
          onChange={(next) => put(at, next)}
          {...(rows.length === 1 ? {} : { onRemove: () => onChange(rows.toSpliced(at, 1)) })}
          number={at + 1}
        />
      ))}
      {rows.length < most ? (
        <div>
          <Button onPress={() => onChange([...rows, { ...(rows.at(-1) ?? emptyRow), value: '' }])}>
            Add an identifier
          </Button>
        </div>
      ) : null}
    </>
  );
}

const emptyRow: IdentifierRow = { kind: 'email', value: '', control: controls[0], provenAt: '' };

interface RowProps {
  readonly row: IdentifierRow;
  readonly number: number;
  readonly onChange: (row: IdentifierRow) => void;
  readonly onRemove?: () => void;
}

function Row({ row, number, onChange, onRemove }: RowProps): ReactNode {
  const typed = useCanonical(row.kind, row.value);
  const value = `identifiers.${number - 1}.value`;
  const { error, mend } = useFieldFault(value, `Identifier ${number}`, typed.fault);
  return (
    <Group aria-label={`Identifier ${number}`} className="panel stack">
      <Choice
        label="Kind"
        options={identifierKinds}
        value={row.kind}
        onChange={(kind) => onChange({ ...row, kind })}
      />
      <TextField
        data-field={value}
        value={row.value}
        onChange={(value) => {
          mend();
          onChange({ ...row, value });
        }}
        isInvalid={error !== undefined}
        autoComplete="off"
      >
        <Label>Identifier</Label>
        <Input />
        {typed.canonical === undefined || typed.canonical === row.value ? null : (
          <Text slot="description">
            Compared as <bdi>{typed.canonical}</bdi>
          </Text>
        )}
        <FieldError>{error}</FieldError>
      </TextField>
      <Choice
        label="How control was proven"
        options={controls}
        value={row.control}
        onChange={(control) => onChange({ ...row, control })}
      />
      <DateChoice
        name={`identifiers.${number - 1}.provenAt`}
        label="When control was proven"
        withTime
        value={row.provenAt}
        onChange={(provenAt) => onChange({ ...row, provenAt })}
        about="By your platform, from 90 days before the incident until its end."
      />
      {onRemove ? (
        <div>
          <Button onPress={onRemove}>Remove this identifier</Button>
        </div>
      ) : null}
    </Group>
  );
}

/** The canonical form. The code that knows domains and phone numbers is loaded when somebody types. */
function useCanonical(kind: IdentifierKind, value: string): Partial<ReadIdentifier> {
  const [known, setKnown] = useState<Partial<ReadIdentifier>>({});
  useEffect(() => {
    let isCurrent = true;
    const look = async (): Promise<void> => {
      const { readIdentifier } = await import('../read-identifier.ts');
      if (isCurrent) setKnown(readIdentifier(kind, value.trim()));
    };
    // Nobody is told of a fault in the middle of a word.
    const timer = setTimeout(() => void (value.trim() === '' ? setKnown({}) : look()), 400);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [kind, value]);
  return known;
}
