import type { ReactNode } from 'react';
import { useRead } from '../registry/calls.ts';
import { fittingText, isDraftOnly, leftText } from './left-words.ts';

/** Whether whatever one person signs alone is refused today, so that only a draft is left. */
export function useIsDraftOnly(): boolean {
  const { data } = useRead('parties.standing', {});
  return data?.records !== undefined && isDraftOnly(data.records);
}

/** How many records still fit today, before anybody presses a button. */
export function RecordsLeft({ ready }: { readonly ready?: number }): ReactNode {
  const { data } = useRead('parties.standing', {});
  if (!data?.records) return null;
  const text = ready === undefined ? leftText(data.records) : fittingText(ready, data.records);
  return text === '' ? null : <p className="soft">{text}</p>;
}
