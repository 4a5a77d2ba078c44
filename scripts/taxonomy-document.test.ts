import { expect, test } from 'vitest';
import { readTaxonomyDocument, taxonomyDocument } from './taxonomy-document.ts';

test('docs/taxonomy.md is what the taxonomy says', () =>
  expect(readTaxonomyDocument()).toBe(taxonomyDocument()));
