import type { OpInput, OpName, OpOutput } from '@recourse/protocol';
import { appealSuspension } from './accountability/appealing.ts';
import { askAgain } from './accountability/asking-again.ts';
import { standing } from './accountability/standing.ts';
import { takeCase } from './review/assigning.ts';
import { decide } from './review/deciding.ts';
import * as evidence from './review/delivering.ts';
import { dispute, disputed, recheck, settle } from './review/disputing.ts';
import { nextNotice, reviewNotice } from './review/notice-review.ts';
import { getSanction } from './cases/own-record.ts';
import * as cases from './review/reading.ts';
import { excuseReviewer, recuse } from './review/recusing.ts';
import { respond } from './review/responding.ts';
import { ask, relieve } from './review/reviewing.ts';
import * as journals from './review/journals.ts';
import { changesOfCall } from './calls/changes-of-call.ts';
import { issueTicket } from './cases/ticket.ts';
import { evaluate } from './lookup/checks/evaluate.ts';
import { listOwedOutcomes } from './lookup/checks/list-owed.ts';
import { match } from './lookup/checks/match.ts';
import { report } from './lookup/checks/report.ts';
import type { CallContext } from './context/context.ts';
import { poll } from './told/events/poll.ts';
import { listOwnOpenings } from './calls/own-openings.ts';
import * as notices from './cases/notices/changing.ts';
import { challenge } from './panel/challenging.ts';
import { items } from './panel/items.ts';
import { vote } from './panel/voting.ts';
import { addKey } from './parties/add-key.ts';
import { listAlarms } from './parties/alarms.ts';
import { attest } from './parties/attest.ts';
import { executeOrder } from './parties/execute-order.ts';
import { invitePerson } from './parties/invite-person.ts';
import { leave } from './accountability/leave.ts';
import { objectToParty } from './panel/object-to-party.ts';
import { listOwnKeys } from './parties/own-keys.ts';
import { inviteReviewer, removeReviewer } from './parties/panel-acts.ts';
import * as platforms from './parties/platform-acts.ts';
import { keepKeys, reenrol } from './parties/reenrol.ts';
import { reportDemand } from './parties/report-demand.ts';
import { revokeOwnKey } from './parties/revoke-key.ts';
import { setGroup } from './parties/set-group.ts';
import { setPolicies } from './parties/set-policies.ts';
import { setWitness } from './parties/set-witness.ts';
import { registryStats } from './parties/stats.ts';
import { sync } from './lookup/prefixes/sync.ts';
import * as inquiries from './submissions/inquiries/answering.ts';
import * as inquiry from './submissions/inquiries/asking.ts';
import { listInquiries } from './submissions/inquiries/list-inquiries.ts';
import { acknowledge } from './told/recalls/acknowledge.ts';
import { listRecalls } from './told/recalls/list-recalls.ts';
import { confirm, returnDraft } from './submissions/confirming.ts';
import { confirmOwnDerived } from './submissions/derived/confirming.ts';
import { draft, submit } from './submissions/recording.ts';
import { voidSigned, withdraw } from './submissions/withdrawing.ts';
import * as records from './submissions/reading.ts';
import { listUntokenised, retokenise } from './lookup/epochs/retokenising.ts';
import { rotate } from './lookup/epochs/rotating.ts';

/** What answers each operation of the op table: one function from an authenticated call to its result. */
export type Handlers = {
  readonly [N in OpName]: (ctx: CallContext, input: OpInput<N>) => Promise<OpOutput<N>>;
};

export const handlers: Handlers = {
  'sanctions.submit': submit,
  'sanctions.draft': draft,
  'sanctions.confirm': confirm,
  'sanctions.returnDraft': returnDraft,
  'sanctions.notify': notices.notify,
  'sanctions.stateNotice': notices.stateOwnNotice,
  'sanctions.bounced': notices.bounced,
  'sanctions.withdraw': withdraw,
  'sanctions.confirmEcho': confirmOwnDerived,
  'sanctions.void': voidSigned,
  'sanctions.get': getSanction,
  'sanctions.list': records.listOwnSanctions,
  'sanctions.status': records.statusOfSanction,
  'sanctions.states': records.listOwnStates,
  'sanctions.untokenised': listUntokenised,
  'sanctions.retokenise': retokenise,

  'checks.evaluate': evaluate,
  'checks.match': match,
  'checks.report': report,
  'checks.owed': listOwedOutcomes,
  'matches.ask': inquiry.ask,
  'matches.answer': inquiries.answer,
  'matches.questions': listInquiries,
  'prefixes.sync': sync,
  'oprf.rotate': rotate,
  'subjects.ticket': issueTicket,
  'subjects.challenge': challenge,

  'appeals.list': cases.list,
  'appeals.get': cases.get,
  'appeals.respond': respond,
  'appeals.redecide': askAgain,
  'evidence.deliver': evidence.deliver,
  'evidence.open': evidence.open,
  'evidence.confirm': evidence.confirm,
  'evidence.reject': evidence.reject,
  'evidence.dispute': dispute,
  'evidence.recheck': recheck,
  'evidence.disputed': disputed,
  'evidence.settle': settle,
  'review.queue': cases.queue,
  'review.claim': takeCase,
  'review.get': cases.takenCase,
  'review.file': cases.file,
  'review.ask': ask,
  'review.relieve': relieve,
  'review.recuse': recuse,
  'review.excuse': excuseReviewer,
  'review.notice': nextNotice,
  'review.confirmNotice': reviewNotice,
  'review.decide': decide,
  'review.items': items,
  'review.vote': vote,

  'journals.addKey': journals.addSealingKey,
  'journals.keys': journals.listSealingKeys,
  'journals.put': journals.putSealedJournal,
  'journals.get': journals.getSealedJournal,

  'recalls.list': listRecalls,
  'recalls.acknowledge': acknowledge,
  'events.poll': poll,
  'calls.changes': changesOfCall,
  'ledger.openings': listOwnOpenings,

  'keys.list': listOwnKeys,
  'keys.add': addKey,
  'keys.revoke': revokeOwnKey,
  'people.invite': invitePerson,
  'parties.setPolicies': setPolicies,
  'parties.witness': setWitness,
  'parties.object': objectToParty,
  'parties.keepKeys': keepKeys,
  'parties.demand': reportDemand,
  'parties.attest': attest,
  'parties.standing': standing,
  'parties.appealSuspension': appealSuspension,
  'platforms.register': platforms.registerPlatform,
  'platforms.reenrol': reenrol,
  'platforms.suspend': platforms.suspendPlatform,
  'platforms.restore': platforms.restorePlatform,
  'platforms.setQuota': platforms.setQuota,
  'platforms.setGroup': setGroup,
  'platforms.leave': leave,
  'orders.execute': executeOrder,
  'panel.invite': inviteReviewer,
  'panel.remove': removeReviewer,
  'taxonomy.enable': platforms.enableReasons,
  'registry.stats': registryStats,
  'registry.alarms': listAlarms,
};
