import { outcomeOf } from './acts.ts';
import type { Play } from './play.ts';

export const operatorAlone: Play = {
  name: 'operator-alone',
  says: 'One operator acts alone: lets an accomplice look up a million people a day, suspends a platform, and repeats acts that need a second person.',
  bound: 'nothing beyond what the platform declared',
  async run(stage) {
    const operator = await stage.as('Operator:1');
    const { party } = await stage.identity('Tubely');
    const tubely = `plt_${party.slice(4)}` as const;
    const limit = { party: tubely, elementsPerDay: 1_000_000 };
    let quota = 'none';
    const refused = await outcomeOf(async () => {
      quota = (await operator.platforms.setQuota(limit)).state;
    });
    const act = { party: tubely, what: 'checks', why: 'terms' } as const;
    const states: string[] = [];
    // The same person twice is not two.
    for (let n = 0; n < 2; n++) {
      await outcomeOf(async () => {
        states.push((await operator.platforms.suspend(act)).state);
      });
    }
    const held = quota !== 'executed' && !states.includes('executed');
    return {
      held,
      gained: held ? 'nothing' : `a quota of 1,000,000 elements a day (declared: 80,000)`,
      figures: {
        quota: quota === 'none' ? refused : quota,
        suspension: states.join(' ') || 'refused',
      },
    };
  },
};
