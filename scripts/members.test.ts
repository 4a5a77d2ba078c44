import { expect, test } from 'vitest';
import { unchangedByForm, unnamedByHandlers, unnamedByPages, unnamedColumns } from './members.ts';

const root = new URL('..', import.meta.url).pathname;

/** Values that the registry keeps or hands on whole */
const whole = [
  // Nobody but the recipient opens it.
  / jwe\./,
  / signingKey\./,
  // Signed by the platform, kept as it came, and read by what needs a part of it.
  /^platforms\.register takes registration\./,
  // The schema allows one value.
  /^recalls\.acknowledge takes ownGrounds\.matchWasOnlyGround$/,
];

test('each member of an input or an output is named where its operation is done', () => {
  const forgotten = unnamedByHandlers(root);
  expect(forgotten.filter((place) => !whole.some((pattern) => pattern.test(place)))).toEqual([]);
  expect(whole.filter((pattern) => !forgotten.some((place) => pattern.test(place)))).toEqual([]);
});

test('each member of a case is named by a page of the creator', () => {
  expect(unnamedByPages(root)).toEqual([
    // When a claimant last proved a way: for programs.
    'ways.provenAt',
    // Pages name a platform by its name.
    'submitter.party',
    // A page says when it has to be confirmed.
    'echoReview.startedAt',
    // Deadlines of a reviewer, which every side reads of an appeal; pages say when it is decided at the latest.
    'appeals.claimDueAt',
    'appeals.reliefDueAt',
    // Pages take it from `response`.
    'appeals.respondedAt',
    'told.party',
  ]);
});

test('each field of a new record is changed by a part of its form', () => {
  expect(unchangedByForm(root)).toEqual([]);
});

test('each column of an import is named by help and page of the command line', () => {
  expect(unnamedColumns(root)).toEqual([]);
});
