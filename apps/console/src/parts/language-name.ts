const names = new Intl.DisplayNames(undefined, { type: 'language', fallback: 'code' });

/** A language in words. One that a stranger names need not be one that this browser knows. */
export function languageName(code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}
