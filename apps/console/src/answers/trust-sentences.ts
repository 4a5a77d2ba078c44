import { dayText, instantText } from '@recourse/design/instants';
import type { Outcome } from '@recourse/protocol';
import { counted, words } from '../parts/words.ts';
import {
  undoing,
  type About,
  type Answered,
  type Delivered,
  type Noticed,
  type Owned,
  type Recalled,
  type Said,
  type Sentences,
  type Settled,
} from './said.ts';

/** What the trust desk says after its acts. */
export const trustSentences = {
  'record sent': ({ whom, ...sent }: About & (Noticed | { readonly lapsesAt: Date })) => ({
    text:
      'lapsesAt' in sent
        ? `Drafted: ${whom}. A colleague confirms or returns it by ${dayText(sent.lapsesAt)}, or it lapses.`
        : `Recorded: ${whom}. Tell the creator by ${dayText(sent.noticeDueAt)}, or it is withdrawn.`,
  }),
  'draft confirmed': ({ whom, sanction, noticeDueAt }: About & Owned & Noticed) => ({
    text: `Confirmed: ${whom} is a record now. Tell the creator by ${dayText(noticeDueAt)}, or it is withdrawn.`,
    next: { href: `/trust/notice/${sanction}`, text: 'Send the notice' },
  }),
  'draft returned': ({ whom }: About) => ({
    text: `Returned: ${whom} went back to its author, who reads your reason and may record it anew.`,
  }),
  'notice sent': ({ whom, messages }: About & { readonly messages: number }): Said =>
    messages === 0
      ? {
          text: `Not sent: the registry can write to none of these about ${whom}. Tell the creator in your own product, and state it below.`,
          tone: 'wait',
        }
      : {
          text: `Sent: the registry writes ${counted(messages, 'message', 'messages')} about ${whom}. This page shows when each arrives.`,
        },
  'notice stated': ({ whom, visibleFrom }: About & { readonly visibleFrom: string }) => ({
    text: `Stated: you told the creator of ${whom}. It answers checks from ${dayText(visibleFrom)}.`,
  }),
  'record withdrawn': ({ whom, recalls }: About & Recalled) => ({
    text: `Withdrawn: ${whom} answers no check any more. ${undoing(recalls)}`,
  }),
  'record defended': ({ whom, decisionDueAt }: About & { readonly decisionDueAt: string }) => ({
    text: `Sent: you stand by ${whom}. The reviewer and the creator read why. A decision is due by ${dayText(decisionDueAt)}.`,
  }),
  'appeal conceded': ({ whom, recalls }: About & Recalled) => ({
    text: `Conceded: ${whom} has ended, and counts as reversed. ${undoing(recalls)}`,
  }),
  'evidence delivered': ({ whom, received, missing }: About & Delivered) => ({
    text: `Delivered: ${counted(received, 'item', 'items')} for ${whom}, sealed to the reviewer. ${missing === 0 ? 'Nothing is missing. The reviewer decides next.' : `${counted(missing, 'item is', 'items are')} still owed.`}`,
  }),
  'inquiry asked': ({ whom, dueAt }: About & { readonly dueAt: string }) => ({
    text: `Asked: ${whom} has until ${instantText(dueAt)} to answer.`,
    next: { href: '/trust/inquiries', text: 'Read the inquiries' },
  }),
  'inquiry answered': ({ whom, sanction, answer, withdraw }: About & Owned & Answered): Said =>
    withdraw
      ? {
          text: `Answered: whoever asked about ${whom} reads “${words(answer)}”. By that the record no longer stands: withdraw it.`,
          next: { href: `/trust/records/${sanction}`, text: 'Withdraw it' },
        }
      : {
          text: `Answered: whoever asked about ${whom} reads “${words(answer)}”. Nothing more is owed.`,
        },
  'outcome reported': ({ whom, outcome }: About & { readonly outcome: Outcome }) => ({
    text: `Reported: ${whom}, “${words(outcome)}”. ${outcome === 'pending' ? 'Report within 7 days how it ended.' : 'If the record ends early, a recall says what to undo.'}`,
  }),
  'many done': ({ what, done, left }: { what: string; done: number; left: number }): Said =>
    done === 0
      ? { text: `Nothing was done: each of ${left} says why below.`, tone: 'wait' }
      : {
          text: `Done: ${done} ${what}. ${left === 0 ? 'None is left.' : `${counted(left, 'is', 'are')} left, with why, below.`}`,
          ...(left === 0 ? {} : { tone: 'wait' }),
        },
  'recall settled': ({ whom, action, open }: About & Settled): Said => ({
    text: `Answered: the recall about ${whom} is settled, “${words(action)}”. ${open === 0 ? 'No other recall is open.' : `${counted(open, 'recall is', 'recalls are')} still open.`}`,
    ...(open === 0 ? {} : { next: { href: '/trust/recalls', text: 'Read the recalls' } }),
  }),
} satisfies Sentences;
