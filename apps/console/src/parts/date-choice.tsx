import { parseDate, parseDateTime, type DateValue } from '@internationalized/date';
import type { ReactNode } from 'react';
import { DateField, DateInput, DateSegment, FieldError, Label, Text } from 'react-aria-components';

interface DateChoiceProps {
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
  const { label, value, onChange, withTime = false, about, error } = props;
  return (
    <DateField<DateValue>
      value={value === '' ? null : withTime ? parseDateTime(value) : parseDate(value)}
      onChange={(date) => onChange(date?.toString() ?? '')}
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
