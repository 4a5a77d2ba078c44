import { answerRules } from './answer-rules.ts';
import { appealRules } from './appeal-rules.ts';
import { caseRules } from './case-rules.ts';
import { deadlineRules } from './deadline-rules.ts';
import { echoRules } from './echo-rules.ts';
import { endRules } from './end-rules.ts';
import { outcomeRules } from './outcome-rules.ts';
import { powerRules } from './power-rules.ts';
import { recordRules } from './record-rules.ts';
import type { RuleChapter } from './rule.ts';

/** Every protection of a person, in the order of a record's life. */
export const ruleChapters: readonly RuleChapter[] = [
  recordRules,
  answerRules,
  caseRules,
  appealRules,
  echoRules,
  outcomeRules,
  endRules,
  deadlineRules,
  powerRules,
];
