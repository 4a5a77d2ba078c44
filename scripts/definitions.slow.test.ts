import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const table = `${root}packages/registry/src/operations/index.ts`;

/** Asks as an editor does: where the word before this place of a file is defined. */
function definitionsIn(file: string, places: readonly number[]): (string | undefined)[] {
  const read = (name: string): string | undefined => ts.sys.readFile(name);
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, read);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => {
      const text = read(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => ts.sys.fileExists(name),
    readFile: read,
    directoryExists: (name) => ts.sys.directoryExists(name),
  });
  return places.map((place) => service.getDefinitionAtPosition(file, place)?.[0]?.fileName);
}

test('from the key of an operation an editor jumps to its schema, and from its value to its handler', () => {
  const text = readFileSync(table, 'utf8');
  const places = ["'sanctions.submit'", "'sanctions.submit': submit", "'case.open'"].map(
    (words) => text.indexOf(words) + words.length - 2,
  );
  expect(definitionsIn(table, places)).toEqual([
    expect.stringMatching(/protocol\/src\/ops\/sanctions\.ts$/),
    expect.stringMatching(/operations\/sanctions\/submit\.ts$/),
    expect.stringMatching(/protocol\/src\/ops\/cases\.ts$/),
  ]);
});
