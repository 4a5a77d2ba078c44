import { answerRules } from './answer-rules.ts';
import { appealEvidenceRules } from './appeal-evidence-rules.ts';
import { appealRules } from './appeal-rules.ts';
import { caseAccessRules } from './case-access-rules.ts';
import { caseRules } from './case-rules.ts';
import { deadlineRules } from './deadline-rules.ts';
import { echoRules } from './echo-rules.ts';
import { endRules } from './end-rules.ts';
import { epochRules } from './epoch-rules.ts';
import { erasureRules } from './erasure-rules.ts';
import { errorRules } from './error-rules.ts';
import { lookRules } from './look-rules.ts';
import { lookingRules } from './looking-rules.ts';
import { outcomeRules } from './outcome-rules.ts';
import { panelRules } from './panel-rules.ts';
import { partyRules } from './party-rules.ts';
import { powerRules } from './power-rules.ts';
import { prefixRules } from './prefix-rules.ts';
import { recordRules } from './record-rules.ts';
import { reviewerRules } from './reviewer-rules.ts';
import { textRules } from './text-rules.ts';
import { transparencyRules } from './transparency-rules.ts';
import type { RuleChapter } from './rule.ts';

/** Every protection of a person, in the order of a record's life. */
export const ruleChapters: readonly RuleChapter[] = [
  recordRules,
  answerRules,
  prefixRules,
  lookingRules,
  caseRules,
  caseAccessRules,
  textRules,
  appealRules,
  appealEvidenceRules,
  reviewerRules,
  echoRules,
  outcomeRules,
  endRules,
  deadlineRules,
  epochRules,
  erasureRules,
  partyRules,
  panelRules,
  errorRules,
  lookRules,
  powerRules,
  transparencyRules,
];
