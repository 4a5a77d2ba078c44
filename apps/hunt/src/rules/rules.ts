import { bookRules } from './book-rules.ts';
import { budgetRules } from './budget-rules.ts';
import { decidingRules } from './deciding-rules.ts';
import { hearingRules } from './hearing-rules.ts';
import { injectionRules } from './injection-rules.ts';
import { readingRules } from './reading-rules.ts';
import type { Rule } from './rule.ts';
import { seriesRules } from './series-rules.ts';

/** Every rule that can be taken out, by its id. */
export const rules: readonly Rule[] = [
  ...readingRules,
  ...hearingRules,
  ...decidingRules,
  ...seriesRules,
  ...budgetRules,
  ...bookRules,
  ...injectionRules,
];
