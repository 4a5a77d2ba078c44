import { aboutDisclosure, id, number, word } from './define.ts';

const recall = id('rcl');

/** Entries about one platform that was told of one record, and about its answer. */
export const disclosureEntries = {
  'sanction-disclosed': aboutDisclosure({
    version: number,
    check: id('chk'),
    match: id('mat'),
    purpose: word,
  }),
  'recall-issued': aboutDisclosure({ recall, version: number, kind: word }),
  'recall-acknowledged': aboutDisclosure({ recall, action: word, copies: word }),
  'recall-overdue': aboutDisclosure({ recall, version: number, kind: word }),
  'question-asked': aboutDisclosure({
    question: id('qst'),
    match: id('mat'),
    asks: word,
  }),
  'question-answered': aboutDisclosure({ question: id('qst'), answer: word }),
};
