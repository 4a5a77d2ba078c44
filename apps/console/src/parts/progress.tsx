import type { ReactNode } from 'react';
import { Label, ProgressBar } from 'react-aria-components';

interface ProgressProps {
  readonly label: string;
  readonly done: number;
  readonly all: number;
}

/** How much of something is done. */
export const Progress = ({ label, done, all }: ProgressProps): ReactNode => (
  <ProgressBar value={done} maxValue={Math.max(all, 1)}>
    {({ percentage = 0, valueText }) => (
      <>
        <Label>
          {label}: {valueText}
        </Label>
        <div className="track">
          <div className="done" style={{ width: `${percentage}%` }} />
        </div>
      </>
    )}
  </ProgressBar>
);
