import type { ReactNode } from 'react';
import {
  Button,
  Checkbox,
  CheckboxGroup,
  FieldError,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Radio,
  RadioGroup,
  Select,
  SelectValue,
  Text,
} from 'react-aria-components';
import { useFieldFault } from './field-fault.tsx';
import { sentence } from './words.ts';

interface OneProps<T extends string> {
  /** Under which a form finds its fault */
  readonly name?: string;
  readonly label: string;
  readonly options: readonly T[];
  readonly value: T | undefined;
  readonly onChange: (value: T) => void;
  /** Words of an option; by default those of its code */
  readonly text?: (option: T) => string;
  readonly about?: ReactNode;
  readonly error?: string | undefined;
}

const isOneOf = <T extends string>(options: readonly T[], value: unknown): value is T =>
  options.some((option) => option === value);

/** What is wrong with the choice, and how one of the options is chosen. */
function useOne<T extends string>({ name, label, options, onChange, error: own }: OneProps<T>) {
  const { error, mend } = useFieldFault(name, label, own);
  const choose = (key: unknown): void => {
    if (!isOneOf(options, key)) return;
    mend();
    onChange(key);
  };
  return { error, choose };
}

/** One of many, in a list that opens. */
export function Choice<T extends string>(props: OneProps<T>): ReactNode {
  const { name, label, options, value, text = sentence, about } = props;
  const { error, choose } = useOne(props);
  return (
    <Select
      data-field={name}
      value={value ?? null}
      onChange={choose}
      isInvalid={error !== undefined}
      placeholder="Choose"
    >
      <Label>{label}</Label>
      <Button>
        <SelectValue />
        <span aria-hidden="true">▾</span>
      </Button>
      {about === undefined ? null : <Text slot="description">{about}</Text>}
      <FieldError>{error}</FieldError>
      <Popover>
        <ListBox>
          {options.map((option) => (
            <ListBoxItem key={option} id={option} textValue={text(option)}>
              {text(option)}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

interface RadiosProps<T extends string> extends OneProps<T> {
  /** Why an option is closed; undefined where it is open */
  readonly closed?: (option: T) => string | undefined;
}

/** One of few, all in sight. A closed option says why. */
export function Radios<T extends string>(props: RadiosProps<T>): ReactNode {
  const { name, label, options, value, text = sentence, about, closed } = props;
  const { error, choose } = useOne(props);
  return (
    <RadioGroup
      data-field={name}
      value={value ?? null}
      onChange={choose}
      isInvalid={error !== undefined}
    >
      <Label>{label}</Label>
      {about === undefined ? null : <Text slot="description">{about}</Text>}
      {options.map((option) => {
        const why = closed?.(option);
        return (
          <Radio key={option} value={option} isDisabled={why !== undefined}>
            <span>
              {text(option)}
              {why === undefined ? null : <span className="soft small"> {why}</span>}
            </span>
          </Radio>
        );
      })}
      <FieldError>{error}</FieldError>
    </RadioGroup>
  );
}

interface ManyProps<T extends string> extends Omit<OneProps<T>, 'value' | 'onChange'> {
  readonly value: readonly T[];
  readonly onChange: (value: T[]) => void;
}

/** Any of few. */
export function Ticks<T extends string>(props: ManyProps<T>): ReactNode {
  const { name, label, options, value, onChange, text = sentence, about } = props;
  const { error, mend } = useFieldFault(name, label, props.error);
  return (
    <CheckboxGroup
      data-field={name}
      value={[...value]}
      onChange={(keys) => {
        mend();
        onChange(options.filter((option) => keys.includes(option)));
      }}
      isInvalid={error !== undefined}
    >
      <Label>{label}</Label>
      {about === undefined ? null : <Text slot="description">{about}</Text>}
      {options.map((option) => (
        <Checkbox key={option} value={option}>
          <span>{text(option)}</span>
        </Checkbox>
      ))}
      <FieldError>{error}</FieldError>
    </CheckboxGroup>
  );
}
