import type { RunCaseProcedure } from '../audit/handle-case.ts';
import { addFile, addInformation, appealCase, joinCase, withdrawAppeal } from './appealing.ts';
import { claimCase, rotateKey } from './claim.ts';
import { confirmContact, removeContact, setContact, stopContact } from './contact.ts';
import { askForProof } from './find.ts';
import { acceptInvite, endAccess, inviteToCase } from './giving-access.ts';
import { letterOfCase } from './letter.ts';
import { caseRouter, implementCase } from './procedure.ts';
import { openByProof, openByTicket } from './prove.ts';
import { requestErasure } from './request-erasure.ts';
import { receiptOfCase } from './receipt.ts';
import { openCaseView } from './view.ts';

/** Every act of a creator. */
export const caseApi = caseRouter({
  case: {
    open: implementCase('case.open', openCaseView),
    claim: implementCase('case.claim', claimCase),
    rotate: implementCase('case.rotate', rotateKey),
    appeal: implementCase('case.appeal', appealCase),
    join: implementCase('case.join', joinCase),
    addInformation: implementCase('case.addInformation', addInformation),
    addFile: implementCase('case.addFile', addFile),
    withdrawAppeal: implementCase('case.withdrawAppeal', withdrawAppeal),
    requestErasure: implementCase('case.requestErasure', requestErasure),
    receipt: implementCase('case.receipt', receiptOfCase),
    letter: implementCase('case.letter', letterOfCase),
    find: implementCase('case.find', askForProof),
    prove: implementCase('case.prove', openByProof),
    ticket: implementCase('case.ticket', openByTicket),
    setContact: implementCase('case.setContact', setContact),
    confirmContact: implementCase('case.confirmContact', confirmContact),
    removeContact: implementCase('case.removeContact', removeContact),
    stopContact: implementCase('case.stopContact', stopContact),
    invite: implementCase('case.invite', inviteToCase),
    accept: implementCase('case.accept', acceptInvite),
    endAccess: implementCase('case.endAccess', endAccess),
  },
});

type Procedure = (options: {
  ctx: unknown;
  path: string;
  type: 'mutation';
  input: unknown;
  getRawInput: () => Promise<unknown>;
  signal: AbortSignal | undefined;
  batchIndex: number;
}) => Promise<unknown>;

const procedures = caseApi._def.procedures as unknown as Readonly<
  Record<Parameters<RunCaseProcedure>[0], Procedure>
>;

/** Runs one act without tRPC's HTTP adapter; `op` is an own property of the table of acts: the caller checked it. */
export const runCaseProcedure: RunCaseProcedure = (op, ctx, input) =>
  procedures[op]({
    ctx,
    path: op,
    type: 'mutation',
    input,
    getRawInput: async () => input,
    signal: undefined,
    batchIndex: 0,
  });
