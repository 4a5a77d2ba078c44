import fc from 'fast-check';

/** Property tests try the same values at each mutant, so that the score is no luck; and a failure is not looked into. */
fc.configureGlobal({ seed: 20261125, endOnFailure: true });
