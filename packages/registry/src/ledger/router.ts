import { implement } from '../procedure.ts';
import { listOwnOpenings } from './own-openings.ts';

export const ledger = { openings: implement('ledger.openings', listOwnOpenings) };
