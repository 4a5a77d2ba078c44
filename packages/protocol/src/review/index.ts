export * from './appeal-clock.rules.ts';
export * from './assignment.rules.ts';
export * from './backlog.rules.ts';
export * from './deadlines.ts';
export * from './evidence-clock.rules.ts';
export * from './flooded-panel.ts';
export * from './review.rules.ts';
export * from './simulate-panel.ts';
