/** Owns the estimates that the checks of the data need: ordinary least squares, and fits of Bass curves. */

/** A linear fit; standard errors from the usual formula, and robust to unequal variances (HC1). */
export interface LinearFit {
  readonly coefficients: readonly number[]
  readonly standardErrors: readonly number[]
  readonly robustErrors: readonly number[]
  readonly rSquared: number
  readonly n: number
}

/** Ordinary least squares of `y` on `rows`, each row with a 1 for the constant first. */
export function leastSquares(rows: readonly (readonly number[])[], y: readonly number[]): LinearFit {
  const n = rows.length
  const k = rows[0]!.length
  const indices = Array.from({ length: k }, (_, i) => i)
  const products = (weight: (r: number) => number) =>
    indices.map((i) => indices.map((j) => total(rows.map((row, r) => weight(r) * row[i]! * row[j]!))))
  const inverse = inverted(products(() => 1))
  const moments = indices.map((i) => total(rows.map((row, r) => row[i]! * y[r]!)))
  const coefficients = inverse.map((row) => dot(row, moments))
  const residuals = rows.map((row, r) => y[r]! - dot(row, coefficients))
  const variance = total(residuals.map((e) => e * e)) / (n - k)
  const meat = products((r) => residuals[r]! ** 2)
  const robust = indices.map((i) => {
    const row = inverse[i]!
    return (total(indices.map((a) => row[a]! * dot(meat[a]!, row))) * n) / (n - k)
  })
  const mean = total(y) / n
  return {
    coefficients,
    standardErrors: indices.map((i) => Math.sqrt(variance * inverse[i]![i]!)),
    robustErrors: robust.map(Math.sqrt),
    rSquared: 1 - (variance * (n - k)) / total(y.map((value) => (value - mean) ** 2)),
    n,
  }
}

/** A Bass curve: ceiling * F(years), with F of docs/model.md's reference (Bass 1969). */
export interface BassFit {
  readonly p: number
  readonly q: number
  readonly ceiling: number
}

/** Least-squares Bass curve through shares at years since the origin, its ceiling free; by shrinking grids. */
export function bassFit(years: readonly number[], shares: readonly number[]): BassFit {
  let best = { p: 0.03, q: 0.3, ceiling: 1, error: Infinity }
  for (let span = 3; span > 1e-4; span /= 2) {
    const { p: middleP, q: middleQ } = best
    for (let i = -10; i <= 10; i++) {
      for (let j = -10; j <= 10; j++) {
        const p = middleP * Math.exp((span * i) / 10)
        const q = middleQ * Math.exp((span * j) / 10)
        const curve = years.map((t) => (1 - Math.exp(-(p + q) * t)) / (1 + (q / p) * Math.exp(-(p + q) * t)))
        const ceiling = dot(curve, shares) / dot(curve, curve)
        const error = total(curve.map((value, t) => (shares[t]! - ceiling * value) ** 2))
        if (error < best.error) best = { p, q, ceiling, error }
      }
    }
  }
  return best
}

/** Sum of numbers. */
export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** Mean of numbers. */
export function mean(values: readonly number[]): number {
  return total(values) / values.length
}

/** Median of numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2
}

function dot(a: readonly number[], b: readonly number[]): number {
  return total(a.map((value, i) => value * b[i]!))
}

/** Inverse of a small, well-conditioned matrix by Gauss-Jordan elimination with pivoting. */
function inverted(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length
  const work = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))])
  for (let column = 0; column < size; column++) {
    const pivot = work.reduce(
      (best, row, r) => (r >= column && Math.abs(row[column]!) > Math.abs(work[best]![column]!) ? r : best),
      column,
    )
    ;[work[column], work[pivot]] = [work[pivot]!, work[column]!]
    const scale = work[column]![column]!
    work[column] = work[column]!.map((value) => value / scale)
    for (let r = 0; r < size; r++) {
      if (r === column) continue
      const factor = work[r]![column]!
      work[r] = work[r]!.map((value, i) => value - factor * work[column]![i]!)
    }
  }
  return work.map((row) => row.slice(size))
}
