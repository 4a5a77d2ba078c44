/**
 * Whether an operation goes on while the registry recovers, or is not believed any more: recalls, events and cases.
 * They bring creators what they are owed, signed by itself, and answering them harms nobody. While it recovers, the
 * registry holds acknowledgements of recalls all the same.
 */
export const goesOn = (op: string): boolean => /^(recalls|events|case)\./.test(op);
