/** Owns the search for the highest value of a function of a few numbers: the simplex of Nelder and Mead. */

interface Corner {
  readonly at: readonly number[]
  readonly value: number
}

/**
 * Where a function is highest near `start`, by so many evaluations at most. Deterministic; no slopes; may end on a local
 * summit, so ask from several starts.
 *
 * Source: Nelder and Mead (1965), "A simplex method for function minimization", The Computer Journal 7(4), with
 * reflection 1, expansion 2, contraction and shrinkage 1/2.
 */
export function climb(
  of: (at: readonly number[]) => number,
  start: readonly number[],
  { steps, evaluations }: { readonly steps: readonly number[]; readonly evaluations: number },
): Corner {
  const asked: Corner[] = []
  const corner = (at: readonly number[]): Corner => {
    asked.push({ at, value: of(at) })
    return asked.at(-1)!
  }
  let simplex = [
    corner(start),
    ...start.map((_, i) => corner(start.map((x, k) => (k === i ? x + steps[k]! : x)))),
  ]
  while (asked.length < evaluations) {
    simplex.sort((a, b) => b.value - a.value)
    const [best, worst] = [simplex[0]!, simplex.at(-1)!]
    const others = simplex.slice(0, -1)
    const centre = start.map((_, k) => others.reduce((sum, { at }) => sum + at[k]!, 0) / others.length)
    const towards = (factor: number): Corner => corner(centre.map((x, k) => x + factor * (worst.at[k]! - x)))
    const reflected = towards(-1)
    let next = reflected
    if (reflected.value > best.value) {
      const expanded = towards(-2)
      if (expanded.value > reflected.value) next = expanded
    } else if (reflected.value <= others.at(-1)!.value) {
      next = towards(reflected.value > worst.value ? -0.5 : 0.5)
    }
    simplex =
      next.value > worst.value
        ? [...others, next]
        : [best, ...simplex.slice(1).map(({ at }) => corner(at.map((x, k) => (x + best.at[k]!) / 2)))]
  }
  return asked.reduce((a, b) => (b.value > a.value ? b : a))
}
