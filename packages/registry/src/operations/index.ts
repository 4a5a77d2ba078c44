import type { CaseInput, caseOps, CaseOutput, OpInput, OpOutput, ops } from '@recourse/protocol';
import type { CaseContext } from '../cases/context.ts';
import type { CallContext } from '../context/context.ts';
import { getAppeal } from './appeals/get.ts';
import { listOwnAppeals } from './appeals/list.ts';
import { respond } from './appeals/respond.ts';
import { changesOfCall } from './calls/changes.ts';
import { acceptInvite } from './case/accept.ts';
import { addFile } from './case/add-file.ts';
import { addInformation } from './case/add-information.ts';
import { appealCase } from './case/appeal.ts';
import { claimCase } from './case/claim.ts';
import { confirmContact } from './case/confirm-contact.ts';
import { endAccess } from './case/end-access.ts';
import { askForProof } from './case/find.ts';
import { inviteToCase } from './case/invite.ts';
import { joinCase } from './case/join.ts';
import { letterOfCase } from './case/letter.ts';
import { sayNumberSince } from './case/number-since.ts';
import { openCaseView } from './case/open.ts';
import { openByProof } from './case/prove.ts';
import { receiptOfCase } from './case/receipt.ts';
import { removeContact } from './case/remove-contact.ts';
import { requestErasure } from './case/request-erasure.ts';
import { rotateKey } from './case/rotate.ts';
import { setContact } from './case/set-contact.ts';
import { stopContact } from './case/stop-contact.ts';
import { openByTicket } from './case/ticket.ts';
import { withdrawAppeal } from './case/withdraw-appeal.ts';
import { evaluate } from './checks/evaluate.ts';
import { match } from './checks/match.ts';
import { listOwedOutcomes } from './checks/owed.ts';
import { report } from './checks/report.ts';
import { poll } from './events/poll.ts';
import { confirmDelivery } from './evidence/confirm.ts';
import { deliverEvidence } from './evidence/deliver.ts';
import { dispute } from './evidence/dispute.ts';
import { disputed } from './evidence/disputed.ts';
import { openEvidence } from './evidence/open.ts';
import { recheck } from './evidence/recheck.ts';
import { rejectEvidence } from './evidence/reject.ts';
import { settle } from './evidence/settle.ts';
import { addSealingKey } from './journals/add-key.ts';
import { getBook } from './journals/get-book.ts';
import { getSealedJournal } from './journals/get.ts';
import { listSealingKeys } from './journals/keys.ts';
import { putBook } from './journals/put-book.ts';
import { putSealedJournal } from './journals/put.ts';
import { addKey } from './keys/add.ts';
import { listOwnKeys } from './keys/list.ts';
import { revokeOwnKey } from './keys/revoke.ts';
import { listOwnOpenings } from './ledger/openings.ts';
import { answerInquiry } from './matches/answer.ts';
import { askInquiry } from './matches/ask.ts';
import { listInquiries } from './matches/questions.ts';
import { nextEpoch } from './oprf/next.ts';
import { rotate } from './oprf/rotate.ts';
import { executeOrder } from './orders/execute.ts';
import { inviteReviewer } from './panel/invite.ts';
import { removeReviewer } from './panel/remove.ts';
import { appealSuspension } from './parties/appeal-suspension.ts';
import { attest } from './parties/attest.ts';
import { reportDemand } from './parties/demand.ts';
import { keepKeys } from './parties/keep-keys.ts';
import { objectToParty } from './parties/object.ts';
import { setPolicies } from './parties/set-policies.ts';
import { standing } from './parties/standing.ts';
import { setWitness } from './parties/witness.ts';
import { invitePerson } from './people/invite.ts';
import { leave } from './platforms/leave.ts';
import { reenrol } from './platforms/reenrol.ts';
import { registerPlatform } from './platforms/register.ts';
import { restorePlatform } from './platforms/restore.ts';
import { setGroup } from './platforms/set-group.ts';
import { setQuota } from './platforms/set-quota.ts';
import { suspendPlatform } from './platforms/suspend.ts';
import { listProposals } from './proposals/list.ts';
import { sync } from './prefixes/sync.ts';
import { acknowledge } from './recalls/acknowledge.ts';
import { listRecalls } from './recalls/list.ts';
import { listAlarms } from './registry/alarms.ts';
import { registryStats } from './registry/stats.ts';
import { askCreator } from './review/ask.ts';
import { takeCase } from './review/claim.ts';
import { decide } from './review/decide.ts';
import { excuseReviewer } from './review/excuse.ts';
import { readFile } from './review/file.ts';
import { takenCase } from './review/get.ts';
import { items } from './review/items.ts';
import { readQueue } from './review/queue.ts';
import { recuse } from './review/recuse.ts';
import { relieve } from './review/relieve.ts';
import { vote } from './review/vote.ts';
import { bounced } from './sanctions/bounced.ts';
import { confirmOwnDerived } from './sanctions/confirm-echo.ts';
import { confirmDrafts } from './sanctions/confirm.ts';
import { draft } from './sanctions/draft.ts';
import { getSanction } from './sanctions/get.ts';
import { listOwnSanctions } from './sanctions/list.ts';
import { notify } from './sanctions/notify.ts';
import { retokenise } from './sanctions/retokenise.ts';
import { returnDraft } from './sanctions/return-draft.ts';
import { stateOwnNotice } from './sanctions/state-notice.ts';
import { listOwnStates } from './sanctions/states.ts';
import { statusOfSanction } from './sanctions/status.ts';
import { submit } from './sanctions/submit.ts';
import { listUntokenised } from './sanctions/untokenised.ts';
import { voidSigned } from './sanctions/void.ts';
import { withdraw } from './sanctions/withdraw.ts';
import { challenge } from './subjects/challenge.ts';
import { issueTicket } from './subjects/ticket.ts';
import { enableReasons } from './taxonomy/enable.ts';

/**
 * The handlers of the operations of the op table: each is one function from an authenticated call to its result.
 * Editors jump from a key to its schema, since the keys are those of the table itself.
 */
export type Handlers = {
  readonly [N in keyof typeof ops]: (ctx: CallContext, input: OpInput<N>) => Promise<OpOutput<N>>;
};

/** The handlers of the acts of a creator. */
export type CaseHandlers = {
  readonly [N in keyof typeof caseOps]: (
    ctx: CaseContext,
    input: CaseInput<N>,
  ) => Promise<CaseOutput<N>>;
};

/** The function of `group.name` stands in `group/name.ts`. */
export const handlers: Handlers = {
  'sanctions.submit': submit,
  'sanctions.draft': draft,
  'sanctions.confirm': confirmDrafts,
  'sanctions.returnDraft': returnDraft,
  'sanctions.notify': notify,
  'sanctions.stateNotice': stateOwnNotice,
  'sanctions.bounced': bounced,
  'sanctions.withdraw': withdraw,
  'sanctions.confirmEcho': confirmOwnDerived,
  'sanctions.void': voidSigned,
  'sanctions.get': getSanction,
  'sanctions.list': listOwnSanctions,
  'sanctions.status': statusOfSanction,
  'sanctions.states': listOwnStates,
  'sanctions.untokenised': listUntokenised,
  'sanctions.retokenise': retokenise,
  'checks.evaluate': evaluate,
  'checks.match': match,
  'checks.report': report,
  'checks.owed': listOwedOutcomes,
  'matches.ask': askInquiry,
  'matches.answer': answerInquiry,
  'matches.questions': listInquiries,
  'prefixes.sync': sync,
  'oprf.next': nextEpoch,
  'oprf.rotate': rotate,
  'subjects.ticket': issueTicket,
  'subjects.challenge': challenge,
  'appeals.list': listOwnAppeals,
  'appeals.get': getAppeal,
  'appeals.respond': respond,
  'evidence.deliver': deliverEvidence,
  'evidence.open': openEvidence,
  'evidence.confirm': confirmDelivery,
  'evidence.reject': rejectEvidence,
  'evidence.dispute': dispute,
  'evidence.recheck': recheck,
  'evidence.disputed': disputed,
  'evidence.settle': settle,
  'review.queue': readQueue,
  'review.claim': takeCase,
  'review.get': takenCase,
  'review.file': readFile,
  'review.ask': askCreator,
  'review.relieve': relieve,
  'review.recuse': recuse,
  'review.excuse': excuseReviewer,
  'review.decide': decide,
  'review.items': items,
  'review.vote': vote,
  'journals.addKey': addSealingKey,
  'journals.keys': listSealingKeys,
  'journals.put': putSealedJournal,
  'journals.get': getSealedJournal,
  'journals.putBook': putBook,
  'journals.getBook': getBook,
  'recalls.list': listRecalls,
  'recalls.acknowledge': acknowledge,
  'events.poll': poll,
  'proposals.list': listProposals,
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
  'platforms.register': registerPlatform,
  'platforms.reenrol': reenrol,
  'platforms.suspend': suspendPlatform,
  'platforms.restore': restorePlatform,
  'platforms.setQuota': setQuota,
  'platforms.setGroup': setGroup,
  'platforms.leave': leave,
  'orders.execute': executeOrder,
  'panel.invite': inviteReviewer,
  'panel.remove': removeReviewer,
  'taxonomy.enable': enableReasons,
  'registry.stats': registryStats,
  'registry.alarms': listAlarms,
};

/** The same for the acts of a creator, whose group is `case`. */
export const caseHandlers: CaseHandlers = {
  'case.open': openCaseView,
  'case.claim': claimCase,
  'case.rotate': rotateKey,
  'case.numberSince': sayNumberSince,
  'case.appeal': appealCase,
  'case.join': joinCase,
  'case.addInformation': addInformation,
  'case.addFile': addFile,
  'case.withdrawAppeal': withdrawAppeal,
  'case.requestErasure': requestErasure,
  'case.receipt': receiptOfCase,
  'case.letter': letterOfCase,
  'case.find': askForProof,
  'case.prove': openByProof,
  'case.ticket': openByTicket,
  'case.setContact': setContact,
  'case.confirmContact': confirmContact,
  'case.removeContact': removeContact,
  'case.stopContact': stopContact,
  'case.invite': inviteToCase,
  'case.accept': acceptInvite,
  'case.endAccess': endAccess,
};
