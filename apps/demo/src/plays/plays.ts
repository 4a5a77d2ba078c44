import { askingBeyondEvaluation, rebuildFromAnswers, watchTheTarget } from './checks.ts';
import { burntCode, plantedIdentifier, shamAppeal } from './claimants.ts';
import { expressionFlood, floodOfAppeals } from './floods.ts';
import { copiedEvidence, groupHopping, serialConcessions, sisterCompany } from './groups.ts';
import { ownAppeals, sockPuppets } from './intake.ts';
import { manyWays } from './many-ways.ts';
import { failingNeighbour, publicReadFlood, timingUnderLoad } from './neighbours.ts';
import { bouncedNotice, unwitnessedNotice } from './notices.ts';
import { operatorAlone } from './operator.ts';
import { serialReversals, shoppingForCases } from './reviewers.ts';
import { silentLookUp } from './silent-look-up.ts';
import { swappedCiphertexts } from './swapped-ciphertexts.ts';
import type { Play } from './play.ts';

/** In the order in which they are played. */
export const plays: readonly Play[] = [
  plantedIdentifier,
  burntCode,
  shamAppeal,
  manyWays,
  unwitnessedNotice,
  bouncedNotice,
  sisterCompany,
  groupHopping,
  serialConcessions,
  copiedEvidence,
  askingBeyondEvaluation,
  watchTheTarget,
  rebuildFromAnswers,
  ownAppeals,
  sockPuppets,
  floodOfAppeals,
  expressionFlood,
  shoppingForCases,
  serialReversals,
  operatorAlone,
  swappedCiphertexts,
  silentLookUp,
  publicReadFlood,
  failingNeighbour,
  timingUnderLoad,
];
