import { page, under } from '../parts/route.ts';

/** The pages of this desk. */
export const trustRoutes = under(
  page('/trust/inbox', () => import('./inbox.tsx'), 'Inbox'),
  page('/trust/check', () => import('./check.tsx'), 'Check'),
  page('/trust/new', () => import('./new-record/new-record.tsx'), 'BeginRecord'),
  page('/trust/new/$id', () => import('./new-record/new-record.tsx'), 'NewRecord'),
  page('/trust/records', () => import('./records.tsx'), 'Records'),
  page('/trust/records/$id', () => import('./record.tsx'), 'Record'),
  page('/trust/renew', () => import('./renew.tsx'), 'Renew'),
  page('/trust/opening', () => import('./open-records.tsx'), 'OpenRecords'),
  page('/trust/notice/$id', () => import('./notice.tsx'), 'Notice'),
  page('/trust/matches', () => import('./matches.tsx'), 'Matches'),
  page('/trust/matches/$id', () => import('./matches.tsx'), 'Match'),
  page('/trust/appeals', () => import('./appeals.tsx'), 'Appeals'),
  page('/trust/appeals/$id', () => import('./appeal.tsx'), 'Appeal'),
  page('/trust/recalls', () => import('./recalls.tsx'), 'Recalls'),
  page('/trust/recalls/$id', () => import('./recall.tsx'), 'Recall'),
  page('/trust/drafts', () => import('./drafts.tsx'), 'Drafts'),
  page('/trust/drafts/$id', () => import('./drafts.tsx'), 'Draft'),
  page('/trust/import', () => import('./import/import-page.tsx'), 'ImportPage'),
  page('/trust/standing', () => import('./standing.tsx'), 'Standing'),
  page('/trust/people', () => import('../people/people.tsx'), 'People'),
  page('/trust/people/$id', () => import('../people/name-person.tsx'), 'NamePerson'),
  page('/trust/inquiries', () => import('./inquiries.tsx'), 'Inquiries'),
);
