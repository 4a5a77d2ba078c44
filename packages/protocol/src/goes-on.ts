/**
 * What goes on with a registry that recovers, or that is not believed any more: recalls, events and cases. They bring what
 * is owed to creators, signed by itself, and answering them harms nobody.
 */
export const goesOn = (op: string): boolean => /^(recalls|events|case)\./.test(op);
