import { implement } from '../procedure.ts';
import { askAgain } from './asking-again.ts';
import { readInspection, readInspectionFile } from './inspection-reading.ts';
import {
  claimInspection,
  deliverForInspection,
  listInspections,
  openForInspection,
} from './inspection-taking.ts';

/** Beside what `appeals/router.ts` has. */
export const redecide = implement('appeals.redecide', askAgain);

export const inspections = {
  list: implement('inspections.list', listInspections),
  claim: implement('inspections.claim', claimInspection),
  get: implement('inspections.get', readInspection),
  file: implement('inspections.file', readInspectionFile),
  deliver: implement('inspections.deliver', deliverForInspection),
  open: implement('inspections.open', openForInspection),
};
