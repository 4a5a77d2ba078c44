export { Facts } from './facts.tsx';
export { Note } from './note.tsx';
export { Status, type Tone } from './status.tsx';
export { When, dayText, instantText } from './when.tsx';
