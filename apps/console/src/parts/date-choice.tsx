import { parseDate, parseDateTime, type DateValue } from '@internationalized/date';
import type { ReactNode } from 'react';
import { DateField, DateInput, DateSegment, FieldError, Label, Text } from 'react-aria-components';
import { useFieldFault } from './field-fault.tsx';

interface DateChoiceProps {
  /** Under which a form finds its fault */
  readonly name?: string;
  readonly label: string;
  /** `2026-03-01`, or `2026-03-01T12:00` with minutes; empty where none is chosen */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly withTime?: boolean;
  readonly about?: ReactNode;
  readonly error?: string | undefined;
}

/** A date in the order of the reader's language, by the clock of the reader. */
export function DateChoice(props: DateChoiceProps): ReactNode {
  const { name, label, value, onChange, withTime = false, about } = props;
  const { error, mend } = useFieldFault(name, label, props.error);
  return (
    <DateField<DateValue>
      data-field={name}
      value={value === '' ? null : withTime ? parseDateTime(value) : parseDate(value)}
      onChange={(date) => {
        mend();
        onChange(date?.toString() ?? '');
      }}
      granularity={withTime ? 'minute' : 'day'}
      isInvalid={error !== undefined}
      hideTimeZone
    >
      <Label>{label}</Label>
      <DateInput>{(segment) => <DateSegment segment={segment} />}</DateInput>
      {about === undefined ? null : <Text slot="description">{about}</Text>}
      <FieldError>{error}</FieldError>
    </DateField>
  );
}
