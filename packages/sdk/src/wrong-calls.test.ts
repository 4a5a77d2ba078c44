import { expectTypeOf, test } from 'vitest';
import type { CheckOptions } from './checks/check.ts';
import type { Recourse } from './connect.ts';
import type { OutcomeReport } from './outcomes.ts';

const provenAt = new Date('2026-03-01');
const match = 'mat_01hzy3v7q8e9k4m5n6p7r8s9t0';

test('a check at signup without the time of its proof does not compile', () => {
  expectTypeOf<{ purpose: 'signup'; provenAt: Date }>().toExtend<CheckOptions>();
  expectTypeOf<{ purpose: 'monetisation' }>().toExtend<CheckOptions>();
  expectTypeOf<{ purpose: 'signup' }>().not.toExtend<CheckOptions>();
  expectTypeOf<{ purpose: 'signup'; provenAt: undefined }>().not.toExtend<CheckOptions>();
});

test('a refusal or a safeguard without review and notice does not compile', () => {
  interface Burden {
    match: typeof match;
    outcome: 'refused' | 'admitted-with-safeguards';
  }
  expectTypeOf<Burden & { reviewedAt: Date; noticeSentAt: Date }>().toExtend<OutcomeReport>();
  expectTypeOf<{ match: typeof match; outcome: 'admitted' }>().toExtend<OutcomeReport>();
  expectTypeOf<Burden>().not.toExtend<OutcomeReport>();
  expectTypeOf<Burden & { reviewedAt: Date }>().not.toExtend<OutcomeReport>();
  expectTypeOf<Burden & { noticeSentAt: Date }>().not.toExtend<OutcomeReport>();
});

test('the methods take these types', () => {
  const calls = (recourse: Recourse): void => {
    void recourse.check({ email: 'a@mail.example' }, { purpose: 'signup', provenAt });
    // @ts-expect-error -- at signup a person has just proved control, so say when
    void recourse.check({ email: 'a@mail.example' }, { purpose: 'signup' });
    // @ts-expect-error -- nobody is refused without a review and a notice
    void recourse.outcomes.report([{ match, outcome: 'refused' }]);
  };
  expectTypeOf(calls).parameter(0).toEqualTypeOf<Recourse>();
});
