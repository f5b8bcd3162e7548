/** Texts of users as they may be printed. */

/**
 * A text in which control characters, and marks that turn the direction of writing, are spelt out: printed as they are,
 * they could move the cursor of a terminal, colour it or hide what else is said.
 */
export function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  )
}
