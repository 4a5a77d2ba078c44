import type { CaseInput, CaseOpName, CaseOutput } from '@recourse/protocol';
import {
  addFile,
  addInformation,
  appealCase,
  joinCase,
  withdrawAppeal,
} from './cases/appealing.ts';
import { claimCase, rotateKey } from './cases/claim.ts';
import { confirmContact, removeContact, setContact, stopContact } from './cases/contact.ts';
import type { CaseContext } from './cases/context.ts';
import { askForProof } from './cases/find.ts';
import { acceptInvite, endAccess, inviteToCase } from './cases/giving-access.ts';
import { letterOfCase } from './cases/letter.ts';
import { openByProof, openByTicket } from './cases/opening-found.ts';
import { receiptOfCase } from './cases/receipt.ts';
import { requestErasure } from './cases/request-erasure.ts';
import { openCaseView } from './cases/view.ts';

/** What answers each act of a creator. */
export type CaseHandlers = {
  readonly [N in CaseOpName]: (ctx: CaseContext, input: CaseInput<N>) => Promise<CaseOutput<N>>;
};

export const caseHandlers: CaseHandlers = {
  'case.open': openCaseView,
  'case.claim': claimCase,
  'case.rotate': rotateKey,
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
