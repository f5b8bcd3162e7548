/** A number of things, as people say it: 1 month, 2 months. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
