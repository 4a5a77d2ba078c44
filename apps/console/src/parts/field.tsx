import type { ReactNode } from 'react';
import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components';
import { useFieldFault } from './field-fault.tsx';

interface FieldProps {
  readonly name: string;
  readonly label: string;
  /** Allowed values, or where to find them */
  readonly about?: ReactNode;
  readonly value?: string;
  readonly onChange?: (value: string) => void;
  readonly start?: string;
  readonly type?: 'text' | 'password' | 'email' | 'datetime-local' | 'date' | 'url' | 'number';
  readonly rows?: number;
  readonly most?: number;
  readonly isOptional?: boolean;
  readonly autoFocus?: boolean;
  readonly autoComplete?: string;
  /** The fault that the registry or the desk found in it */
  readonly error?: string | undefined;
}

/** A text with its label, what is allowed, and what is wrong. */
export function Field(props: FieldProps): ReactNode {
  const { name, label, about, value, onChange, start, rows } = props;
  const { error, mend } = useFieldFault(name, label, props.error);
  const change = (text: string): void => {
    mend();
    onChange?.(text);
  };
  return (
    <TextField
      name={name}
      data-field={name}
      type={props.type ?? 'text'}
      isRequired={!props.isOptional}
      isInvalid={error !== undefined}
      validationBehavior={error === undefined ? 'native' : 'aria'}
      autoComplete={props.autoComplete ?? 'off'}
      autoFocus={props.autoFocus ?? false}
      {...(value === undefined ? {} : { value })}
      onChange={change}
      {...(start === undefined ? {} : { defaultValue: start })}
      {...(props.most === undefined ? {} : { maxLength: props.most })}
    >
      <Label>{label}</Label>
      {rows === undefined ? <Input /> : <TextArea rows={rows} />}
      {about === undefined ? null : <Text slot="description">{about}</Text>}
      {error === undefined ? <FieldError /> : <FieldError>{error}</FieldError>}
    </TextField>
  );
}
