import { readdirSync, readFileSync } from 'node:fs';

/**
 * One step of the schema. Once it was released it is never edited. The release before works on it, too, unless it is a
 * contract: that takes away what only the release before needed, and runs once none of its servers does.
 */
export interface SchemaStep {
  /** Begins with its number; they run in the order of their names */
  readonly name: string;
  readonly statements: readonly string[];
}

/** A contract has this in its name, since a database knows no more of a step. */
export const isContract = (name: string): boolean => name.endsWith('-contract');

/** Beside the sources and beside what is built of them */
const folder = new URL('../../migrations/', import.meta.url);

/** Between two statements: a comment for whoever reads the file by another program */
const between = ';\n---\n';

const read = (file: string): SchemaStep => ({
  name: file.replace('.sql', ''),
  statements: readFileSync(new URL(file, folder), 'utf8').trimEnd().slice(0, -1).split(between),
});

/** All steps of this code, in their order. */
export const steps: readonly SchemaStep[] = readdirSync(folder)
  .filter((file) => file.endsWith('.sql'))
  .toSorted()
  .map(read);

/** The file of a step that has these statements. */
export const textOf = (statements: readonly string[]): string => `${statements.join(between)};\n`;
