export * from './appeal-clock.rules.ts';
export * from './assignment.rules.ts';
export * from './deadlines.ts';
export * from './evidence-clock.rules.ts';
