import type { ReactNode } from 'react';
import { Checkbox } from 'react-aria-components';

/** Which rows of a list are chosen, by their ids. */
export interface Choosing<T> {
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
  /** What a row is about, for whoever hears its box */
  readonly text: (row: T) => string;
}

export interface ChoosingBoxProps {
  readonly ids: readonly string[];
  readonly text: string;
  readonly choosing: Pick<Choosing<never>, 'chosen' | 'onChange'>;
}

/** Chooses one row, or all of several. */
export default function ChoosingBox(props: ChoosingBoxProps): ReactNode {
  const {
    ids,
    text,
    choosing: { chosen, onChange },
  } = props;
  const count = ids.filter((id) => chosen.has(id)).length;
  const change = (isOn: boolean): void => {
    const rest = [...chosen].filter((id) => !ids.includes(id));
    onChange(new Set(isOn ? [...rest, ...ids] : rest));
  };
  return (
    <Checkbox
      aria-label={text}
      isSelected={ids.length > 0 && count === ids.length}
      isIndeterminate={count > 0 && count < ids.length}
      onChange={change}
    />
  );
}
