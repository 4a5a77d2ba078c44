export { eventLoop, type EventLoopOptions } from './event-loop.ts';
export { pollEvents, type PolledEvents, type PollOptions } from './poll-events.ts';
export type { RecourseEvent } from './verify-event.ts';
