import { readFileSync } from 'node:fs';
import { isId, isJsonObject, type Json } from '@recourse/protocol';
import type { PeopleNames } from '@recourse/registry';
import { ServerError } from './errors.ts';

const longest = 120;

/**
 * Names of people of the operator and the panel, as `/governance` shows them, by holder id.
 * @throws ServerError `config_invalid`
 */
export function readPeople(path: string): PeopleNames {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isPeople(json)) return json;
  } catch (cause) {
    throw invalid(cause);
  }
  throw invalid();
}

const isPeople = (json: unknown): json is PeopleNames =>
  isJsonObject(json as Json) &&
  Object.entries(json as Record<string, Json>).every(
    ([id, person]) => isId('hld', id) && isPerson(person),
  );

const isPerson = (person: Json | undefined): boolean =>
  isJsonObject(person) &&
  Object.keys(person).toSorted().join() === 'name,organisation' &&
  Object.values(person).every(isText);

const isText = (text: Json | undefined): boolean =>
  typeof text === 'string' && text.trim() !== '' && text.length <= longest;

const invalid = (cause?: unknown): ServerError =>
  new ServerError(
    'config_invalid',
    `RECOURSE_PEOPLE_FILE takes a JSON file, {"hld_…": {"name": "…", "organisation": "…"}}, with texts of 1 to ${longest} characters.`,
    { cause },
  );
