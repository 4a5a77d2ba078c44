export * from './appeal-clock.rules.ts';
export * from './assignment.rules.ts';
export * from './backlog.rules.ts';
export * from './deadlines.ts';
export * from './evidence-clock.rules.ts';
export * from './outcomes.rules.ts';
export * from './redecision.rules.ts';
export * from './review.rules.ts';
