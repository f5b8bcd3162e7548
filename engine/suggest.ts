/** Guesses what a misspelt name was meant to be. */

/**
 * The name in `allowed` nearest to `given`, or undefined where none is near enough to be a misspelling.
 *
 * Nearness is the number of letters inserted, deleted, replaced or swapped with their neighbour (optimal string
 * alignment), upper and lower case alike; a third of the letters may differ at most.
 */
export function suggest(given: string, allowed: Iterable<string>): string | undefined {
  let nearest: string | undefined
  let least = Math.floor(given.length / 3) + 1
  for (const name of allowed) {
    if (Math.abs(name.length - given.length) >= least) continue
    const distance = editDistance(given.toLowerCase(), name.toLowerCase())
    if (distance < least) {
      nearest = name
      least = distance
    }
  }
  return nearest
}

/** Most names that a hint lists. */
const mostListed = 24

/** The hint for an unknown name: the nearest allowed one, or else what is allowed. */
export function didYouMean(given: string, allowed: readonly string[]): string {
  const nearest = suggest(given, allowed)
  if (nearest !== undefined) return `did you mean '${nearest}'?`
  if (allowed.length > mostListed) return `none of the ${allowed.length} allowed names is similar`
  return allowed.length === 0 ? 'nothing is allowed here' : `allowed: ${allowed.join(', ')}`
}

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) cost = Math.min(cost, beforeLast[j - 2]! + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
