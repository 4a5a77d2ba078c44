import type { EntryDetail } from '@recourse/protocol';
import type { DemandRow } from './membership-store.ts';

/** The public detail of `authority-demand`. */
export const demandDetail = ({
  id,
  party,
  kind,
  quarter,
  received,
  complied,
  refused,
}: Pick<
  DemandRow,
  'id' | 'party' | 'kind' | 'quarter' | 'received' | 'complied' | 'refused'
>): EntryDetail<'authority-demand'> => ({ id, party, kind, quarter, received, complied, refused });
