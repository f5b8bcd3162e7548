/**
 * Owns the reading of the price and capability files: which entries count, which are errors, and how far behind
 * the best model a model is. Prices are blended, three tokens of input to one of output, in USD per 1M tokens.
 */
import { type Row, numberIn, rowsOf, yearsOf } from './files.ts'
import { type LinearFit, leastSquares, median } from './least-squares.ts'

/** List prices by model and date; scores by model; the two joined; the newest prices. */
export const priceFiles = {
  snapshots: 'llm-api-prices/price_snapshots_long.csv',
  joined: 'llm-api-prices/eci_joined_prices.csv',
  newest: 'llm-api-prices/newest_2026-07-24.csv',
  events: 'llm-api-prices/price_change_events.csv',
  scores: 'epoch-capabilities-index/epoch_capabilities_index.csv',
} as const

/** Blended price of a row of the price files. */
export function blendOf(row: Row): number {
  return (3 * numberIn(row, 'input_usd_per_1m') + numberIn(row, 'output_usd_per_1m')) / 4
}

/** A model with a score: when it was first released under its name, and whether its weights are open. */
export interface Scored {
  readonly name: string
  readonly released: string
  readonly score: number
  readonly open: boolean
}

const scored = new Map<string, Scored>()

/** Every model of the index by name, at its earliest release. One date is a typing error and left out. */
export function scoredModels(): readonly Scored[] {
  if (scored.size > 0) return [...scored.values()]
  const models = scored
  for (const row of rowsOf(priceFiles.scores)) {
    const { 'Model name': name = '', 'Release date': released = '' } = row
    const score = numberIn(row, 'ECI Score')
    // Kimi-K2-Instruct-0905 says 2024-09-05; it came out a year later, after the Kimi K2 of July 2025.
    const mistaken = row['Model version'] === 'Kimi-K2-Instruct-0905'
    if (Number.isNaN(score) || released === '' || mistaken) continue
    const known = models.get(name)
    if (known && known.released <= released) continue
    const open = row['Model accessibility']!.startsWith('Open weights')
    models.set(name, { name, released, score, open })
  }
  return [...models.values()]
}

/** The highest score among models released up to a date, of all or only of open weights. */
export function bestScore(date: string, among: (model: Scored) => boolean = () => true): number {
  return Math.max(...scoredModels().flatMap((m) => (m.released <= date && among(m) ? [m.score] : [])))
}

/** A model with score and price, one entry a model: earliest release, median of the log prices of its keys. */
export interface Priced {
  readonly name: string
  readonly released: string
  readonly score: number
  readonly logPrice: number
}

/**
 * The joined file without what is wrong in it: free entries, one typing error that its provenance names, and an
 * entry with input and output exchanged (output cheaper than input).
 */
export function pricedModels(): readonly Priced[] {
  const byName = grouped(
    rowsOf(priceFiles.joined).filter((row) => {
      const exchanged = numberIn(row, 'output_usd_per_1m') < numberIn(row, 'input_usd_per_1m')
      return blendOf(row) > 0 && row['key2'] !== 'claude-instant-1.2' && !exchanged
    }),
    (row) => row['Model name']!,
  )
  return [...byName].map(([name, rows]) => ({
    name,
    released: rows.map((row) => row['Release date']!).toSorted()[0]!,
    score: numberIn(rows[0]!, 'ECI Score'),
    logPrice: median(rows.map((row) => Math.log(blendOf(row)))),
  }))
}

/** Log price on score and date: coefficients are constant, log points a point of ECI, log points a year. */
export function priceAtConstantScore(models: readonly Priced[]): LinearFit {
  const rows = models.map(({ score, released }) => [1, score - 140, yearsOf(released)])
  return leastSquares(
    rows,
    models.map(({ logPrice }) => logPrice),
  )
}

/** Log price on distance from the best model on sale at release, and date. */
export function priceAtConstantDistance(models: readonly Priced[]): LinearFit {
  const rows = models.map(({ score, released }) => [1, score - bestScore(released), yearsOf(released)])
  return leastSquares(
    rows,
    models.map(({ logPrice }) => logPrice),
  )
}

/** Fall a year, as a factor, with its interval of 90%: the third coefficient and its error, on t quantiles. */
export function fallPerYear(fit: LinearFit, errors: readonly number[] = fit.standardErrors) {
  // The .95 quantile of Student's t is 1.67 with 56 degrees of freedom and 1.66 with 96.
  const reach = (fit.n < 80 ? 1.67 : 1.66) * errors[2]!
  const rate = -fit.coefficients[2]!
  return { factor: Math.exp(rate), low: Math.exp(rate - reach), high: Math.exp(rate + reach) }
}

/** Providers that sell under their own name in the price table. */
const firstParties = ['openai', 'anthropic', 'gemini', 'deepseek', 'mistral', 'xai', 'cohere_chat']

/** Two consecutive blended prices of one key of a first party, both above 0. */
export interface Step {
  readonly model: string
  readonly date: string
  readonly ratio: number
  readonly years: number
}

/** Every pair of consecutive listings of the keys of first parties. */
export function priceSteps(): readonly Step[] {
  const rows = rowsOf(priceFiles.snapshots).filter((row) => firstParties.includes(row['provider']!))
  return [...grouped(rows, (row) => row['model']!)].flatMap(([model, listings]) => {
    const inOrder = listings.toSorted((a, b) => (a['snapshot']! < b['snapshot']! ? -1 : 1))
    return inOrder.slice(1).flatMap((row, i) => {
      const [before, after] = [blendOf(inOrder[i]!), blendOf(row)]
      if (!(before > 0 && after > 0)) return []
      const date = row['snapshot']!
      return [
        { model, date, ratio: after / before, years: yearsOf(date) - yearsOf(inOrder[i]!['snapshot']!) },
      ]
    })
  })
}

/** Whether a step is an error of the table rather than a change: the rule of its provenance. */
export function isTypingError({ ratio }: Step): boolean {
  return ratio > 3 || ratio < 0.1 - 1e-9
}

/** Rows by a key, in order. */
function grouped(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return groups
}
