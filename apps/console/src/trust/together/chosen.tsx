import { lazy, Suspense, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { counted } from '../../parts/words.ts';
import type { Owed } from '../owed.ts';
import { togetherActs, togetherKinds, type TogetherKind } from './kinds.ts';

const Together = lazy(() => import('./together.tsx'));
const Giving = lazy(() => import('../../people/giving.tsx'));

interface ChosenProps {
  readonly owed: readonly Owed[];
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
}

interface Opened {
  readonly kind: TogetherKind;
  readonly rows: readonly Owed[];
}

const idsOf = (rows: readonly Owed[]): ReadonlySet<string> => new Set(rows.map(({ id }) => id));

/** Chooses all of a kind, says what is chosen, and opens the form that acts on it. */
export function Chosen({ owed, chosen, onChange }: ChosenProps): ReactNode {
  const [opened, setOpened] = useState<Opened>();
  const rows = owed.filter(({ id }) => chosen.has(id));
  if (opened) {
    const close = (): void => {
      setOpened(undefined);
      onChange(new Set());
    };
    return (
      <Suspense>
        <Together {...opened} onClose={close} />
      </Suspense>
    );
  }
  return (
    <div className="stack">
      <div className="row">
        {togetherKinds.map((kind) => {
          const all = owed.filter((one) => one.kind === kind);
          return all.length < 2 ? null : (
            <Button key={kind} onPress={() => onChange(idsOf(all))}>
              Choose {counted(all.length, togetherActs[kind].one, togetherActs[kind].many)}
            </Button>
          );
        })}
      </div>
      {rows.length === 0 ? null : <Acts rows={rows} onOpen={setOpened} onChange={onChange} />}
    </div>
  );
}

interface ActsProps {
  readonly rows: readonly Owed[];
  readonly onOpen: (opened: Opened) => void;
  readonly onChange: ChosenProps['onChange'];
}

/** One act is for one kind: of several kinds each has its button, for its own rows. */
const Acts = ({ rows, onOpen, onChange }: ActsProps): ReactNode => (
  <>
    <div className="row">
      <strong role="status">{counted(rows.length, 'row', 'rows')} chosen</strong>
      {togetherKinds.map((kind) => {
        const own = rows.filter((one) => one.kind === kind);
        return own.length === 0 ? null : (
          <Button
            key={kind}
            className="react-aria-Button main"
            onPress={() => onOpen({ kind, rows: own })}
          >
            {togetherActs[kind].act} ({own.length})
          </Button>
        );
      })}
      <Button
        onPress={() => void import('./export-rows.ts').then(({ exportRows }) => exportRows(rows))}
      >
        Export
      </Button>
      <Button onPress={() => onChange(new Set())}>Choose none</Button>
    </div>
    <Suspense>
      <Giving ids={rows.map(({ id }) => id)} onDone={() => onChange(new Set())} />
    </Suspense>
  </>
);
