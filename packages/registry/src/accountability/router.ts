import { implement } from '../procedure.ts';
import { claimAudit, deliverForAudit, listAudits, openForAudit } from './auditing.ts';

export const audits = {
  list: implement('audits.list', listAudits),
  claim: implement('audits.claim', claimAudit),
  deliver: implement('audits.deliver', deliverForAudit),
  open: implement('audits.open', openForAudit),
};
