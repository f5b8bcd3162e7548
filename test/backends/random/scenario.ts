/** Random small scenarios for random programs: few records, empty runs, numbers that like to be special. */
import { dimensionNames, type ColumnName, type DimensionName, type Scenario } from '../language.ts'
import type { Choices } from './choices.ts'

const REALS = [0, 1, -1, 0.5, 2, -3.75, 0.1, 100, -1e-7, 7, -0, 1e4]
const WHOLES = [0, 1, 2, 3, 5, 12, 0xffff_ffff, 0x8000_0000, 0x1234_5678]

/** A scenario; with `like`, one of the same structure with other parameters. */
export function randomScenario(choices: Choices, like?: Scenario): Scenario {
  if (like) {
    const values = Object.fromEntries(
      dimensionNames.map((name) => [
        name,
        { ...like.values[name], ...parametersOf(choices, like.counts[name]) },
      ]),
    )
    return { ...like, values: values as Scenario['values'] }
  }
  const firms = choices.below(5)
  const groups = choices.below(4)
  const several = (length: number, value: (i: number) => number): number[] =>
    Array.from({ length }, (_, i) => value(i))
  const pairsOf = several(groups, () => (firms === 0 ? 0 : choices.below(4)))
  const cellsOf = several(firms, () => 1 + choices.below(3))
  const total = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0)
  const counts: Record<DimensionName, number> = {
    world: 1,
    firms,
    groups,
    pairs: total(pairsOf),
    cells: total(cellsOf),
  }
  const values: Scenario['values'] = Object.fromEntries(
    dimensionNames.map((name): [DimensionName, Scenario['values'][DimensionName]] => [
      name,
      {
        term: name === 'firms' ? cellsOf : several(counts[name], () => 1 + choices.below(4)),
        code: several(counts[name], () => choices.of(WHOLES)),
        codes: several(counts[name] * 2, () => choices.of(WHOLES)),
        ...parametersOf(choices, counts[name]),
      },
    ]),
  ) as Scenario['values']
  return {
    counts,
    pairsOf,
    cellsOf,
    values,
    firmOf: several(counts.pairs, () => choices.below(firms)),
    groupOf: pairsOf.flatMap((length, group) => several(length, () => group)),
    friendOf: several(firms, () => choices.below(firms)),
    rivals: pairsOf.map(() => several(firms === 0 ? 0 : choices.below(4), () => choices.below(firms))),
  }
}

function parametersOf(choices: Choices, count: number): Partial<Record<ColumnName, number[]>> {
  const reals = (length: number): number[] => Array.from({ length }, () => choices.of(REALS))
  return {
    a: reals(count),
    b: reals(count),
    v: reals(count * 3),
    on: Array.from({ length: count }, () => choices.below(2)),
  }
}
