/** Where in the parameters' space something happens: the questions of a study, answered by patient rule induction. */
import { RivalryError } from '../errors.ts'
import { describeBox, type PrimStep } from '../statistics/prim-box.ts'
import { prim } from '../statistics/prim.ts'
import type { Discovery } from './definition.ts'
import type { Known } from './derived.ts'
import { meansByPoint } from './sensitivity.ts'

/** The answer to a question. */
export interface DiscoveryResult {
  readonly name: string
  readonly variant: string
  readonly metric: string
  /** What makes a point a case, in words. */
  readonly condition: string
  /** Points that are cases. */
  readonly cases: number
  readonly points: number
  /** The limits of the box, in words; empty where nothing was found. */
  readonly box: readonly string[]
  /** The box in numbers; absent where there was nothing to search. */
  readonly found?: PrimStep | undefined
  /** Why there was nothing to search. */
  readonly reason?: string | undefined
  readonly trajectory: readonly PrimStep[]
  /** Position of the box in the trajectory; -1 where there is none. */
  readonly chosen: number
}

const known = new WeakMap<Known, DiscoveryResult[]>()

/** The answers to all questions of a study; searched once. */
export function discoveriesOf(of: Known): DiscoveryResult[] {
  const results = known.get(of) ?? of.definition.discovery.map((question) => discover(of, question))
  known.set(of, results)
  return results
}

function discover(of: Known, question: Discovery): DiscoveryResult {
  const { definition, points } = of
  const { name, variant, metric, above, below } = question
  const number = (names: readonly { name: string }[], name: string): number =>
    names.findIndex((one) => one.name === name)
  const means = meansByPoint(of, number(definition.variants, variant), number(definition.metrics, metric))
  const condition = [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ].join(' and ')
  const outcome = Uint8Array.from(means ?? [], (value) =>
    Number((above === undefined || value > above) && (below === undefined || value < below)),
  )
  const cases = outcome.reduce((sum, one) => sum + one, 0)
  const shared = { name, variant, metric, condition, cases, points: points.count }
  const none = (reason: string): DiscoveryResult => ({
    ...shared,
    box: [],
    reason,
    trajectory: [],
    chosen: -1,
  })
  if (means === null) return none('the metric has no value at some points')
  try {
    const { boxes } = prim({
      columns: points.paths.map((path, column) => {
        const values = Array.from({ length: points.count }, (_, point) => points.value(point, column))
        const isNumber = values.every((value) => typeof value === 'number')
        return { name: path, values: isNumber ? Float64Array.from(values) : values.map(String) }
      }),
      outcome,
      objective: question.objective,
      peelAlpha: question.peel,
      pasteAlpha: question.paste,
      minimumMass: question.minimumMass,
      minimumCoverage: question.coverage,
    })
    const [box] = boxes
    if (box === undefined) return none('no box was found')
    return {
      ...shared,
      box: describeBox(box.chosen),
      found: box.chosen,
      trajectory: box.trajectory,
      chosen: box.trajectory.indexOf(box.chosen),
    }
  } catch (error) {
    // All points are cases, or none is.
    if (error instanceof RivalryError) return none(error.message)
    throw error
  }
}
