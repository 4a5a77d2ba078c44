import { isId } from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { found } from '../kernel/refusal.ts';
import { findInspection } from './inspection-store.ts';
import { viewToReviewer } from './inspection-view.ts';
import { findAppeal } from './store.ts';
import { viewAppeal } from './view.ts';

/** A case as its reviewer sees it. */
export async function viewReview({ db, now }: CallContext, id: string) {
  if (isId('itm', id))
    return viewToReviewer(
      found(await findInspection(db, id), () => true),
      now,
    );
  return viewAppeal(
    found(await findAppeal(db, id), () => true),
    now,
  );
}
