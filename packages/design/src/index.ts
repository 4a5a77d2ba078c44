export { Facts } from './facts.tsx';
export { Note } from './note.tsx';
export { Status, type Tone } from './status.tsx';
export { When } from './when.tsx';
export { dayText, instantText } from './instants.ts';
