import type { RuleChapter } from './rule.ts';

const tests = (file: string, ...titles: string[]) =>
  titles.map((title) => ({ file: `packages/registry/${file}`, title }));

export const echoRules: RuleChapter = {
  title: 'Corroboration, echoes, evasion and questions',
  rules: [
    {
      rule: 'A match says how many other groups of platforms have a live record of their own on the same identifier: none, one other, or several. Platforms of one group, those in their first 90 days, records that are held, suspended or ended, and several records of one platform add nothing.',
      heldBy: 'code',
      where: ['packages/registry/src/checks/answer.ts', 'corroborationOf'],
      tests: [
        ...tests(
          'src/checks/answer.test.ts',
          'corroboration counts other groups with a live own record',
        ),
        ...tests(
          'tests/echoes-corroboration.test.ts',
          'platforms of one group are one',
          'several records of one submitter count once; held, ended and suspended ones not at all',
        ),
      ],
    },
    {
      rule: 'A record is an echo if any of its identifiers was in a check of its platform, or of one of its group, that matched in the 365 days before. It is shown, never counted, and nothing corroborates it.',
      heldBy: 'code',
      where: ['packages/registry/src/echoes/store.ts', 'priorMatches'],
      tests: tests(
        'tests/echoes-corroboration.test.ts',
        'a record is an echo if any of its subjects was in a check that matched',
        'what was checked 365 days before is an echo no more',
        'a draft is an echo of what its platform was told until somebody confirmed it',
        'two who found out each for themselves corroborate each other, and an echo of both neither',
      ),
    },
    {
      rule: 'Two platforms that copy each other never get beyond none, in any order and over years.',
      heldBy: 'code',
      where: ['packages/registry/src/checks/answer.ts', 'corroborationOf'],
      tests: tests(
        'tests/echoes-corroboration.test.ts',
        'two platforms that copy each other never get beyond none, in any order and over years',
      ),
    },
    {
      rule: 'That a record is an echo is said when it is submitted, and never taken back.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/tables-echoes.ts', 'echoGuards'],
      constraints: ['sanctions_echo_final', 'echoes_of_echo'],
      tests: tests(
        'tests/echoes-review.test.ts',
        'what a record follows is said when it is submitted, and never taken back',
      ),
    },
    {
      rule: 'When the first record falls, by a reversal, a withdrawal or a finding, each of its echoes is reviewed from then on: its platform is told, in the same transaction, and whoever made the first record learns nothing of it.',
      heldBy: 'code',
      where: ['packages/registry/src/echoes/review.ts', 'reviewEchoes'],
      tests: tests(
        'tests/echoes-review.test.ts',
        'by a withdrawal: clocks, an event, an entry and a line, in the same transaction, and once',
        'by a reversal and by a finding; not by an expiry',
        'a finding after its life is a fall, for those that follow it already and for one that will',
        'one that follows a record which fell before is reviewed from the start',
        'who made the first record reads nothing of the echo',
        'an echo of an echo is reviewed when that one ends',
      ),
    },
    {
      rule: 'The fall of a record and the submission of its echo wait for each other: whichever is first, the echo is reviewed.',
      heldBy: 'code',
      where: ['packages/registry/src/echoes/store.ts', 'shareSources'],
      tests: tests(
        'tests/submission-races.test.ts',
        'the echo first: the fall waits for it, and has it reviewed',
        'the fall first: the echo waits for it, and is reviewed at once',
      ),
    },
    {
      rule: 'An echo under review that is neither confirmed nor withdrawn in 14 days answers no check, and ends at 30 days; everyone who was told is told.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/life.ts', 'suspensionsAt'],
      tests: [
        ...tests(
          'tests/echoes-review.test.ts',
          'in 14 d it is suspended, at 30 d ended, right when read with every job stopped, and then written with its recalls',
          'under an appeal its end is what the appeal asked for',
        ),
        ...tests(
          'src/checks/answer.test.ts',
          'the answer and the state of the record agree at every instant',
        ),
        ...tests(
          'src/echoes/echo.test.ts',
          '14 d to confirm, 30 d to the end; on a day nobody works until noon of the next working day',
        ),
      ],
    },
    {
      rule: 'A review is of an echo, ends after it is due, and its confirmation stands.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/tables-echoes.ts', 'echoTables'],
      constraints: ['echo_reviews_of_echo', 'echo_reviews_final'],
      tests: tests(
        'tests/echoes-review.test.ts',
        'no review of what is no echo, none that ends before it is due, and a confirmation stands',
      ),
    },
    {
      rule: 'An echo is confirmed by a trust key of its platform, on evidence that the platform says it collected itself, before it was told of the other record or after, that proves the act alone and was not committed to by the other record.',
      heldBy: 'code',
      where: ['packages/registry/src/echoes/echo.ts', 'refuseOwnEvidence'],
      tests: [
        ...tests(
          'tests/echoes-review.test.ts',
          'by its own platform, a trust key, and for this registry',
          'on evidence that it collected itself, before it was told or after, and that proves the act alone',
        ),
        ...tests(
          'src/echoes/echo.test.ts',
          'it proves the act by itself, each item once, and none is what another platform committed to',
        ),
      ],
    },
    {
      rule: 'The creator of an echo sees its review, and whether it was confirmed, in their case.',
      heldBy: 'code',
      where: ['packages/registry/src/cases/view.ts', 'echoReviewIn'],
      tests: tests(
        'tests/echoes-review.test.ts',
        'the creator of the echo sees the review in their case',
      ),
    },
    {
      rule: 'A record of ban evasion is of the same platform as what it evades, and its life is never beyond that one’s.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/tables-echoes.ts', 'evasionGuards'],
      constraints: ['sanctions_evading_shorter'],
      tests: tests(
        'tests/evasion-chains.test.ts',
        'its life is never beyond that of what it evades: by the rule, and by SQL for the service role',
      ),
    },
    {
      rule: 'A record of ban evasion ends with what it evades, directly or through others, also where time alone ends that one.',
      heldBy: 'code',
      where: ['packages/registry/src/sanctions/life.ts', 'endsOfEvaded'],
      tests: tests(
        'tests/evasion-chains.test.ts',
        'one who evaded an evasion falls with the first, in the transaction of its end, and everyone told undoes it',
        'where the first is reversed by time alone, what evades it reads as ended before anybody wrote that down',
        'where the first is an echo that nobody confirmed, what evades it ends with it, when read',
        'an appeal that its creator withdrew lapses for nobody',
        'where the first was amended to expire sooner, what evades it expires with it',
      ),
    },
    {
      rule: 'Trust teams ask each other closed questions and get closed answers: no word of one platform reaches another.',
      heldBy: 'database',
      where: ['packages/registry/src/migrations/tables-questions.ts', 'questionTables'],
      constraints: ['trust_questions_final', 'trust_questions_match_asks_key'],
      tests: tests(
        'tests/trust-questions.test.ts',
        'whatever is sent as a question or an answer, but for the closed ones',
        'by SQL neither: the database has the closed lists, and what was answered stands',
      ),
    },
    {
      rule: 'A question is about a match of one’s own, while the record has not ended, each once a match, by trust keys; it is due in five days, and what is overdue shows.',
      heldBy: 'code',
      where: ['packages/registry/src/questions/asking.ts', 'ask'],
      tests: tests(
        'tests/trust-questions.test.ts',
        'is about a match of one’s own: another’s reads like one that never was',
        'is asked and answered by trust keys alone, and answered by the submitter alone',
        'each once a match, answered once, and only by one of its own answers',
        'not once the record has ended, neither asked nor answered',
        'due in 5 d; what is overdue shows on both sides, and is answered all the same',
      ),
    },
    {
      rule: 'No answer changes a record or an advice; whoever answers that the record no longer stands is told to withdraw it. While the reason is withheld, nobody asks what would tell it.',
      heldBy: 'code',
      where: ['packages/registry/src/questions/answering.ts', 'answer'],
      tests: tests(
        'tests/trust-questions.test.ts',
        '%s: %s tells the submitter to withdraw, and changes neither record nor advice',
        'while the reason is withheld nobody asks what would tell it',
      ),
    },
    {
      rule: 'The creator who holds the case reads who asked what, when, and what was answered.',
      heldBy: 'code',
      where: ['packages/registry/src/cases/view.ts', 'askedBy'],
      tests: tests(
        'tests/trust-questions.test.ts',
        'the creator reads who asked what, when, and what was answered; nobody else does',
      ),
    },
    {
      rule: 'A match on one phone, account, wallet or IBAN with no second identifier of the same statement answers verify-identity.',
      heldBy: 'code',
      where: ['packages/registry/src/checks/advise.ts', 'advise'],
      tests: tests(
        'src/checks/advise.test.ts',
        'a match on one phone, account, wallet or IBAN answers verify-identity',
        'however many records, tokens and epochs meet in it, as long as each statement meets one',
      ),
    },
    {
      rule: 'A scammer who claims to be the victim changes no answer but its advice, and, until the evidence is confirmed, that the reason is told.',
      heldBy: 'code',
      where: ['packages/registry/src/checks/answer.ts', 'isReasonWithheld'],
      tests: tests(
        'tests/scammer-play.test.ts',
        'a scammer who claims to be the victim changes no answer but its advice',
        'where the reason protects somebody, the claim changes nothing but that it is disputed',
      ),
    },
  ],
};
