import type { Db } from '../../kernel/database.ts';
import { emptyWindow, type Windows } from './alarm.rules.ts';

/** Writes windows that were closed or judged, under the lock of the charge. */
export async function writeWindows(db: Db, party: string, windows: Windows): Promise<void> {
  const { open } = windows;
  const closed = windows.closed ?? { ...emptyWindow, at: null };
  await db
    .updateTable('check_meters')
    .set({
      open_elements: open.elements,
      open_expected: open.expected,
      open_empty: open.empty,
      closed_elements: closed.elements,
      closed_expected: closed.expected,
      closed_empty: closed.empty,
      closed_at: closed.at,
    })
    .where('party', '=', party)
    .execute();
}

/** After an alarm nothing of what raised it is counted again. */
export async function clearCounts(db: Db, party: string): Promise<void> {
  await db.updateTable('check_meters').set({ surplus: 0 }).where('party', '=', party).execute();
  await writeWindows(db, party, { open: emptyWindow, closed: null });
}
