import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { usePerson } from '../identity/session.ts';
import { whoseRows, type WhoseRows } from './work.ts';

const texts: Readonly<Record<WhoseRows, string>> = {
  all: 'Everybody’s',
  mine: 'Mine',
  nobody: 'Nobody’s',
};

/** What each person of this browser looked at last, until the page is loaded anew. */
const last = new Map<string, WhoseRows>();

export function useWhose() {
  const { kid } = usePerson();
  const [whose, setWhose] = useState<WhoseRows>(last.get(kid) ?? 'all');
  const choose = (chosen: WhoseRows): void => {
    last.set(kid, chosen);
    setWhose(chosen);
  };
  return [whose, choose] as const;
}

interface WhoseProps {
  readonly whose: WhoseRows;
  readonly onChange: (whose: WhoseRows) => void;
}

/** Whose rows are shown. */
export const Whose = ({ whose, onChange }: WhoseProps): ReactNode => (
  <div className="row" role="group" aria-label="Whose rows">
    {whoseRows.map((one) => (
      <Button key={one} aria-pressed={one === whose} onPress={() => onChange(one)}>
        {texts[one]}
      </Button>
    ))}
  </div>
);
