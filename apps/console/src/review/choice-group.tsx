import type { ReactNode } from 'react';
import { FieldError, Label, Radio, RadioGroup } from 'react-aria-components';

interface ChoiceGroupProps<T extends string> {
  readonly label: string;
  readonly value: T | '';
  readonly onChange: (value: T) => void;
  readonly choices: readonly {
    readonly value: T;
    readonly text: string;
    /** Why it cannot be chosen now */
    readonly closed?: string | undefined;
  }[];
  readonly error?: string | undefined;
}

/** One of a few, all in sight; a closed one says why. */
export function ChoiceGroup<T extends string>(props: ChoiceGroupProps<T>): ReactNode {
  const { label, value, onChange, choices, error } = props;
  const choose = (chosen: string): void => {
    const found = choices.find((choice) => choice.value === chosen);
    if (found) onChange(found.value);
  };
  return (
    <RadioGroup
      value={value === '' ? null : value}
      onChange={choose}
      isInvalid={error !== undefined}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      {choices.map(({ value: one, text, closed }) => (
        <Radio key={one} value={one} isDisabled={closed !== undefined}>
          <span>
            {text}
            {closed === undefined ? null : (
              <span className="small">
                <br />
                {closed}
              </span>
            )}
          </span>
        </Radio>
      ))}
      <FieldError>{error}</FieldError>
    </RadioGroup>
  );
}
