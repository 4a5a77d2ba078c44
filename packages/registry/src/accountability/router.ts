import { implement } from '../procedure.ts';
import { askAgain } from './asking-again.ts';
import { readAudit, readAuditFile } from './audit-reading.ts';
import { claimAudit, deliverForAudit, listAudits, openForAudit } from './auditing.ts';

/** Beside what `appeals/router.ts` has. */
export const redecide = implement('appeals.redecide', askAgain);

export const audits = {
  list: implement('audits.list', listAudits),
  claim: implement('audits.claim', claimAudit),
  get: implement('audits.get', readAudit),
  file: implement('audits.file', readAuditFile),
  deliver: implement('audits.deliver', deliverForAudit),
  open: implement('audits.open', openForAudit),
};
