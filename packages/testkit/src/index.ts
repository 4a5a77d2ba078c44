export { bareEnvironment } from './bare-environment.ts';
export { newSecret, TestProofs } from './case-proofs.ts';
export { asAdmin, constraintNames, type FreshDatabase, freshDatabase } from './fresh-database.ts';
export { fillRecords } from './fill-records.ts';
export { findInTables, type Found } from './find-in-tables.ts';
export { openConnections } from './handles.ts';
export { addedKey, enrolmentKey, testId, type TestKey } from './keys.ts';
export {
  insertHolder,
  insertKey,
  insertParties,
  registrationOf,
  seedParties,
  seedPlatform,
  type TestParties,
  type TestPlatform,
} from './parties.ts';
export { rankSum } from './rank-sum.ts';
export {
  startTestRegistry,
  testOrigin,
  TestRegistry,
  testTokens,
  type CallOptions,
  type TestCaseAnswer,
  type TestAnswer,
} from './registry.ts';
export { startPostgres } from './start-postgres.ts';
export { schemaChanges, schemaParts, type SchemaPart } from './schema-parts.ts';
export { rounds } from './rounds.ts';
export { workerPort } from './worker-port.ts';
export { onDatabase, workerPostgres } from './template.ts';
export { buildSubmission, random32, type SubmissionOptions } from './submission.ts';
export { workbookOf, workbookOfTexts } from './xlsx.ts';
export { movedDays } from './moved-days.ts';
export { exifWithPlace, jpegSegment, pictures, placeOfPhoto, withPlace } from './photo.ts';
