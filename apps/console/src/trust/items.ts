import type { DeskItem } from '../parts/desk-item.ts';
import {
  AppealCount,
  DraftCount,
  InboxCount,
  InquiryCount,
  MatchCount,
  RecallCount,
} from './counts.tsx';

export const trustItems: readonly DeskItem[] = [
  { href: '/trust/inbox', text: 'Inbox', Count: InboxCount },
  { href: '/trust/check', text: 'Check a person' },
  { href: '/trust/new', text: 'New record' },
  { href: '/trust/records', text: 'Records' },
  { href: '/trust/matches', text: 'Matches', Count: MatchCount },
  { href: '/trust/appeals', text: 'Appeals', Count: AppealCount },
  { href: '/trust/recalls', text: 'Recalls', Count: RecallCount },
  { href: '/trust/drafts', text: 'Drafts', Count: DraftCount },
  { href: '/trust/inquiries', text: 'Inquiries', Count: InquiryCount },
  { href: '/trust/standing', text: 'Standing' },
  { href: '/trust/people', text: 'Keys and people' },
];
