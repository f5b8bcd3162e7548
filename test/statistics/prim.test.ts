/** Patient rule induction against the trajectories of ema_workbench, by recounts of its boxes, and on mistakes. */
import { readFileSync } from 'node:fs'
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  describeBox,
  type PrimLimit,
  type PrimRange,
  type PrimStep,
} from '../../engine/statistics/prim-box.ts'
import { type Category, type PrimColumn } from '../../engine/statistics/prim-columns.ts'
import { binomialTail, cutAt } from '../../engine/statistics/prim-quantile.ts'
import { prim, type PrimOptions } from '../../engine/statistics/prim.ts'
import { RivalryError } from '../../engine/errors.ts'

type Row = readonly [PrimStep['phase'], count: number, cases: number, restricted: number, ...limits: number[]]

/** Trajectories that ema_workbench gave for the Halton points below, and the data of its search that extends boxes. */
const REFERENCE = JSON.parse(readFileSync(new URL('prim-reference.json', import.meta.url), 'utf8')) as {
  halton: Record<'lenient1' | 'lenient2' | 'original', Row[]>
  pasting: { x1: number[]; x2: number[]; outcome: string }
}

/** The radical inverse of `index`, correctly rounded: both parts are whole numbers below 2^53, divided once. */
function radicalInverse(index: number, base: number): number {
  let above = 0
  let below = 1
  for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
    above = above * base + (rest % base)
    below *= base
  }
  return above / below
}

const POINTS = Array.from({ length: 1000 }, (_, row) =>
  [2, 3, 5].map((base) => radicalInverse(row + 1, base)),
)
const HALTON: PrimColumn[] = ['x1', 'x2', 'x3'].map((name, place) => ({
  name,
  values: Float64Array.from(POINTS, (point) => point[place]!),
}))
const CLEAN = Uint8Array.from(POINTS, ([x1, x2]) => Number(x1! > 0.7 && x2! < 0.4))
const NOISY = Uint8Array.from(POINTS, ([x1, x2], row) =>
  Number(x1! > 0.7 && x2! < 0.4 ? (row + 1) % 11 !== 0 : (row + 1) % 37 === 0),
)

const rangesOf = (step: PrimStep): PrimRange[] => step.limits.filter((limit) => limit.kind !== 'category')
const rowOf = ({ phase, count, cases, restricted }: PrimStep): unknown[] => [phase, count, cases, restricted]
const firstBox = (options: PrimOptions) => prim(options).boxes[0]!

/** What the reference asks of limits, and what a binomial tail of another implementation may differ by. */
const LIMIT_TOLERANCE = 1e-12
const TAIL_TOLERANCE = 1e-11

function expectClose(found: number | null, expected: number | null, tolerance: number): void {
  if (expected === null) expect(found).toBeNull()
  else expect(Math.abs(found! - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected))
}

describe('on the clean Halton points', () => {
  test('there are 121 cases of interest', () => {
    expect(CLEAN.reduce((sum, value) => sum + value, 0)).toBe(121)
  })

  test.each(['lenient1', 'lenient2', 'original'] as const)(
    '%s goes the way of ema_workbench',
    (objective) => {
      const { trajectory } = firstBox({ columns: HALTON, outcome: CLEAN, objective })
      const expected = REFERENCE.halton[objective]
      expect(trajectory.map(rowOf)).toEqual(expected.map((row) => row.slice(0, 4)))
      for (const [place, step] of trajectory.entries()) {
        const limits = rangesOf(step).flatMap(({ lower, upper }) => [lower, upper])
        const wanted = [...(expected[place]!.slice(4) as number[]), 0.00032, 0.9984]
        expect(limits).toHaveLength(6)
        for (const [at, limit] of limits.entries()) expectClose(limit, wanted[at]!, LIMIT_TOLERANCE)
        expectClose(step.coverage, step.cases / 121, LIMIT_TOLERANCE)
        expectClose(step.mass, step.count / 1000, LIMIT_TOLERANCE)
      }
    },
  )

  test('the densest step that covers 0.8 is chosen, and its quasi-p values are those of ema_workbench', () => {
    for (const objective of ['lenient1', 'lenient2', 'original'] as const) {
      const { chosen, trajectory } = firstBox({ columns: HALTON, outcome: CLEAN, objective })
      expect(trajectory).toContain(chosen)
      expect(rowOf(chosen)).toEqual(['peel', 114, 114, 2])
      const [x1, x2, x3] = rangesOf(chosen)
      expectClose(x1!.lowerQuasiP, 5.814927152960407e-60, TAIL_TOLERANCE)
      expectClose(x2!.upperQuasiP, 2.383415317314367e-46, TAIL_TOLERANCE)
      expect([x1!.upperQuasiP, x2!.lowerQuasiP, x3!.lowerQuasiP, x3!.upperQuasiP]).toEqual([
        null,
        null,
        null,
        null,
      ])
      expect(describeBox(chosen)).toEqual(['x1 >= 0.71', 'x2 <= 0.3951'])
    }
  })

  test('the second box is the one of ema_workbench', () => {
    const { boxes } = prim({ columns: HALTON, outcome: CLEAN, boxes: 2 })
    const last = boxes[1]!.trajectory.at(-1)!
    expect(rowOf(last)).toEqual(['peel', 51, 7, 2])
    expect(last.coverage).toBe(0.05785123966942149)
    expect(last.density).toBe(0.13725490196078433)
    const wanted = [0.69775390625, 0.80126953125, 0.0004572473708276177, 0.846822130772748, 0.00032, 0.9984]
    for (const [at, limit] of rangesOf(last)
      .flatMap(({ lower, upper }) => [lower, upper])
      .entries()) {
      expectClose(limit, wanted[at]!, LIMIT_TOLERANCE)
    }
    // The first box left 7 cases of interest, all of which the second holds.
    expect(boxes[1]!.chosen.cases).toBe(7)
  })
})

test.each(['lenient1', 'lenient2', 'original'] as const)('%s finds the corner through noise', (objective) => {
  const { chosen } = firstBox({ columns: HALTON, outcome: NOISY, objective })
  const [x1, x2, x3] = rangesOf(chosen)
  // Bounds of the reference for any variant of the method; the third column has no say.
  expect(chosen.density).toBeGreaterThanOrEqual(0.85)
  expect(chosen.coverage).toBeGreaterThanOrEqual(0.8)
  expect(Math.abs(x1!.lower - 0.7)).toBeLessThan(0.02)
  expect(Math.abs(x2!.upper - 0.4)).toBeLessThan(0.02)
  for (const quasiP of [x3!.lowerQuasiP, x3!.upperQuasiP]) expect(quasiP ?? 1).toBeGreaterThan(0.05)
})

test('boxes are extended as by ema_workbench 3.0.0', () => {
  const { x1, x2, outcome } = REFERENCE.pasting
  const columns = [
    { name: 'x1', values: x1 },
    { name: 'x2', values: x2 },
  ]
  const interest = Uint8Array.from(outcome, Number)
  const { trajectory } = firstBox({
    columns,
    outcome: interest,
    peelAlpha: 0.1,
    pasteAlpha: 0.1,
    minimumMass: 0.1,
  })
  // Count, cases, limits of x1 and x2, then the quasi-p values of x1's lower end and x2's ends.
  const upper1 = 0.9959721602274335
  const lower2 = 0.009403396242840145
  const expected = [
    [38, 34, 0.7282979822165284, upper1, lower2, 2.6260759000775328e-8, null, 9.105192236547615e-6],
    [
      34,
      31,
      0.7282979822165284,
      upper1,
      0.05334902694960347,
      3.058998039668559e-8,
      0.5128499914432318,
      5.048790043771922e-6,
    ],
    [
      30,
      28,
      0.7282979822165284,
      upper1,
      0.08276554112172929,
      3.329341092717333e-8,
      0.3750759296538523,
      2.4593321279467944e-6,
    ],
    [
      31,
      29,
      0.7282979822165284,
      upper1,
      0.07854119650288832,
      2.3490833703347527e-8,
      0.3525445693252647,
      2.076624862044438e-6,
    ],
    [
      32,
      30,
      0.7282979822165284,
      upper1,
      0.06906722314314517,
      1.2159099368184286e-8,
      0.33099461126144314,
      1.76587670486688e-6,
    ],
    [
      33,
      31,
      0.7282979822165284,
      upper1,
      0.05866240955163571,
      9.106246981230382e-9,
      0.3104276337408837,
      1.5115863412532954e-6,
    ],
  ]
  expect(trajectory.slice(-6).map(({ phase }) => phase)).toEqual([
    'peel',
    'peel',
    'peel',
    'paste',
    'paste',
    'paste',
  ])
  for (const [place, step] of trajectory.slice(-6).entries()) {
    const [first, second] = rangesOf(step)
    const found = [step.count, step.cases, first!.lower, first!.upper, second!.lower]
    found.push(first!.lowerQuasiP!, second!.lowerQuasiP!, second!.upperQuasiP!)
    for (const [at, value] of found.entries()) expectClose(value, expected[place]![at]!, TAIL_TOLERANCE)
    expectClose(second!.upper, 0.5462847181525488, LIMIT_TOLERANCE)
  }
})

describe('whole numbers and categories', () => {
  const rows = ['baseline', 'efficient', 'fragile', 'robust'].flatMap((regime) =>
    Array.from({ length: 100 }, (_, row) => ({ capacity: Math.floor(row / 10), demand: row % 10, regime })),
  )
  const outcome = Uint8Array.from(rows, ({ capacity, demand, regime }) =>
    Number(
      (regime === 'fragile' && capacity >= 5 && demand <= 4) ||
        (regime === 'baseline' && capacity >= 8 && demand <= 2) ||
        (regime === 'efficient' && capacity === 9 && demand === 0),
    ),
  )
  const columns = (['capacity', 'demand', 'regime'] as const).map((name) => ({
    name,
    values: rows.map((row): Category => row[name]),
  }))
  const settings = { columns, outcome, peelAlpha: 0.1, pasteAlpha: 0.1, minimumMass: 0.05 }

  test('are cut as by ema_workbench 3.0.0', () => {
    const { trajectory } = firstBox(settings)
    // Count, cases, capacity from, demand to, regimes, then the quasi-p values of these three.
    const expected = [
      [400, 32, 0, 9, 'baseline efficient fragile robust', null, null, null],
      [300, 32, 0, 9, 'baseline efficient fragile', null, null, 0.0597187217745423],
      [200, 31, 0, 9, 'baseline fragile', null, null, 0.00030527951668401105],
      [100, 25, 0, 9, 'fragile', null, null, 2.3400741185706663e-7],
      [90, 25, 1, 9, 'fragile', 0.3078188457028669, null, 1.8945540179013684e-7],
      [80, 25, 2, 9, 'fragile', 0.12385248707673695, null, 1.4387993551550467e-7],
      [70, 25, 3, 9, 'fragile', 0.02994633436149913, null, 9.90251396832827e-8],
      [60, 25, 4, 9, 'fragile', 0.0034234219492985636, null, 5.788485673251596e-8],
      [50, 25, 5, 9, 'fragile', 0.00012251345164968294, null, 2.500694577629296e-8],
      [45, 25, 5, 8, 'fragile', 8.192795428205251e-5, 0.2757421649012599, 1.334644145608453e-8],
      [40, 25, 5, 7, 'fragile', 4.591470996832017e-5, 0.07692997208141605, 5.534185972651413e-9],
      [35, 25, 5, 6, 'fragile', 1.847355793282598e-5, 0.008336923900060357, 1.458682925271216e-9],
      [30, 25, 5, 5, 'fragile', 3.4672933127664925e-6, 0.00016245711594820025, 1.4471093144339327e-10],
      [25, 25, 5, 4, 'fragile', 1 / 2 ** 25, 1 / 2 ** 25, 4.253529586511733e-13],
    ] as const
    expect(trajectory).toHaveLength(expected.length)
    for (const [place, step] of trajectory.entries()) {
      const [count, cases, capacity, demand, regimes, ...tails] = expected[place]!
      const [first, second, third] = step.limits
      if (first?.kind !== 'whole' || second?.kind !== 'whole' || third?.kind !== 'category')
        throw new Error('kinds')
      expect([step.count, step.cases]).toEqual([count, cases])
      expect([first.lower, first.upper, second.lower, second.upper]).toEqual([capacity, 9, 0, demand])
      expect(third.kept.join(' ')).toBe(regimes)
      const found = [first.lowerQuasiP, second.upperQuasiP, third.quasiP]
      for (const [at, quasiP] of found.entries()) expectClose(quasiP, tails[at]!, TAIL_TOLERANCE)
    }
  })

  test('read as sentences', () => {
    const { trajectory, chosen } = firstBox(settings)
    expect(describeBox(chosen)).toEqual(['regime is one of baseline, fragile'])
    expect(describeBox(trajectory.at(-1)!)).toEqual(['capacity >= 5', 'demand <= 4', 'regime is fragile'])
    expect(describeBox(trajectory[0]!)).toEqual([])
    const both = {
      column: 'p',
      kind: 'number',
      minimum: 0,
      maximum: 1,
      lowerQuasiP: 0,
      upperQuasiP: 0,
    } as const
    expect(describeBox({ limits: [{ ...both, lower: 1 / 3, upper: 2 / 3 }] }, 2)).toEqual([
      '0.33 <= p <= 0.67',
    ])
  })

  test('a category is let in again when that makes the box denser', () => {
    // "b" is poor as a whole, so it goes first; below x = 20 it turns out to be better than "a".
    const xs = Array.from({ length: 400 }, (_, row) => (row % 200) + 0.5)
    const kinds = xs.map((_, row) => (row < 200 ? 'a' : 'b'))
    const outcome = Uint8Array.from(xs, (x, row) =>
      Number(kinds[row] === 'b' ? x < 20 : x < 20 ? row % 10 !== 9 : row % 3 === 0),
    )
    const columns = [
      { name: 'kind', values: kinds },
      { name: 'x', values: xs },
    ]
    const { trajectory } = firstBox({ columns, outcome, peelAlpha: 0.2, minimumMass: 0.04 })
    expect(describeBox(trajectory[1]!)).toEqual(['kind is a'])
    const last = trajectory.at(-1)!
    expect(last.phase).toBe('paste')
    expect(describeBox(trajectory.at(-2)!)).toHaveLength(2)
    expect(describeBox(last)).toEqual([expect.stringMatching(/^x <= /)])
    expect(last.count).toBe(2 * trajectory.at(-2)!.count)
  })

  test('truth values are categories and never become a box of none', () => {
    const flags = Array.from({ length: 100 }, (_, row) => row % 2 === 0)
    const { chosen } = firstBox({
      columns: [{ name: 'isOpen', values: flags }],
      outcome: Uint8Array.from(flags, (flag, row) => Number(flag && row < 60)),
    })
    expect(describeBox(chosen)).toEqual(['isOpen is true'])
    expect(rowOf(chosen)).toEqual(['peel', 50, 30, 1])
  })

  test('a kind can be asked for', () => {
    const values = Float64Array.from({ length: 100 }, (_, row) => row % 5)
    const outcome = Uint8Array.from(values, (value) => Number(value === 2))
    const kinds = (['whole', 'number', 'category'] as const).map((kind) =>
      describeBox(firstBox({ columns: [{ name: 'n', values, kind }], outcome }).chosen),
    )
    expect(kinds).toEqual([['n is 2'], ['1.5 <= n <= 2.5'], ['n is 2']])
  })
})

describe('any search', () => {
  const data = fc
    .array(
      fc.record({
        // Few values, so that there are ties.
        a: fc.integer({ min: 0, max: 40 }),
        b: fc.integer({ min: -9, max: 9 }),
        c: fc.constantFrom('p', 'q', 'r'),
        isCase: fc.boolean(),
      }),
      { minLength: 20, maxLength: 120 },
    )
    .filter((rows) => rows.some(({ isCase }) => isCase) && rows.some(({ isCase }) => !isCase))
  const objective = fc.constantFrom('lenient1', 'lenient2', 'original')
  type Data = typeof data extends fc.Arbitrary<infer Rows> ? Rows : never

  function optionsOf(rows: Data, transform = (value: number): number => value): PrimOptions {
    return {
      columns: [
        { name: 'a', values: Float64Array.from(rows, ({ a }) => transform(a)), kind: 'number' },
        { name: 'b', values: rows.map(({ b }) => b) },
        { name: 'c', values: rows.map(({ c }) => c) },
      ],
      outcome: Uint8Array.from(rows, ({ isCase }) => Number(isCase)),
      peelAlpha: 0.1,
      pasteAlpha: 0.1,
    }
  }
  const isInside = (limits: readonly PrimLimit[], row: Data[number]): boolean =>
    limits.every((limit) => {
      const value = row[limit.column as 'a' | 'b' | 'c']
      return limit.kind === 'category'
        ? limit.kept.includes(value)
        : Number(value) >= limit.lower && Number(value) <= limit.upper
    })

  property.prop([data, objective])('counts what its limits say', (rows, objective) => {
    let left: Data = rows
    for (const { trajectory, chosen } of prim({ ...optionsOf(rows), objective, boxes: 3 }).boxes) {
      for (const step of trajectory) {
        const inside = left.filter((row) => isInside(step.limits, row))
        expect(step.count).toBe(inside.length)
        expect(step.cases).toBe(inside.filter(({ isCase }) => isCase).length)
      }
      left = left.filter((row) => !isInside(chosen.limits, row))
    }
  })

  property.prop([data, objective])('peels coverage away and pastes density on', (rows, objective) => {
    const share = rows.filter(({ isCase }) => isCase).length / rows.length
    for (const { trajectory } of prim({ ...optionsOf(rows), objective, boxes: 3 }).boxes) {
      for (const [place, step] of trajectory.entries()) {
        // Ratios of the same counts, each rounded once.
        expect(step.density * step.mass).toBeCloseTo(step.coverage * share, 14)
        expect(step.restricted).toBe(describeBox(step).length)
        const before = trajectory[place - 1]
        if (step.phase === 'peel') {
          expect(step.coverage).toBeLessThanOrEqual(before!.coverage)
          expect(step.count).toBeLessThan(before!.count)
          expect(step.mass).toBeGreaterThanOrEqual(0.05)
          if (objective !== 'original') expect(step.density).toBeGreaterThan(before!.density)
        } else if (step.phase === 'paste') {
          expect(step.coverage).toBeGreaterThanOrEqual(before!.coverage)
          expect(step.count).toBeGreaterThan(before!.count)
          expect(step.density).toBeGreaterThan(before!.density)
        } else {
          expect(place).toBe(0)
        }
      }
    }
  })

  property.prop([data, objective, fc.integer()])(
    'does not depend on the order of the cases',
    (rows, objective, seed) => {
      const key = (place: number): number => Math.imul(place + 1, seed | 1) >>> 0
      const shuffled = rows
        .map((row, place) => ({ row, key: key(place) }))
        .sort((a, b) => a.key - b.key)
        .map(({ row }) => row)
      const search = (some: Data) => prim({ ...optionsOf(some), objective, boxes: 2 })
      expect(search(shuffled)).toEqual(search(rows))
    },
  )

  property.prop([data, objective])(
    'cuts the same cases off when a column is stretched',
    (rows, objective) => {
      // Extensions, and boxes after the first, also see cases between two neighbours of a box, where the ends differ.
      const way = (transform: (value: number) => number) =>
        firstBox({ ...optionsOf(rows, transform), objective })
          .trajectory.filter(({ phase }) => phase !== 'paste')
          .map(rowOf)
      expect(way((value) => value * value * value + value)).toEqual(way((value) => value))
    },
  )

  property.prop([data, fc.double({ min: 0, max: 1, noNaN: true })])(
    'chooses the densest step among those that cover enough',
    (rows, minimumCoverage) => {
      const { trajectory, chosen } = firstBox({ ...optionsOf(rows), minimumCoverage })
      expect(chosen.coverage).toBeGreaterThanOrEqual(minimumCoverage)
      for (const step of trajectory) {
        if (step.coverage >= minimumCoverage) expect(step.density).toBeLessThanOrEqual(chosen.density)
      }
    },
  )
})

test('a threshold ends the search with the box that falls short', () => {
  const { boxes, belowThreshold } = prim({ columns: HALTON, outcome: CLEAN, boxes: 3, threshold: 0.9 })
  expect(boxes).toHaveLength(1)
  expect(belowThreshold!.trajectory[0]!.count).toBe(1000 - 114)
  expect(belowThreshold!.chosen.density).toBeLessThan(0.9)
  expect(prim({ columns: HALTON, outcome: CLEAN, threshold: 0.9 }).belowThreshold).toBeNull()
})

describe('the binomial tail', () => {
  test('is exact where it can be written down', () => {
    // Fair coins: sums of binomial coefficients over a power of two.
    const fair = { cases: 1, count: 2 }
    expectClose(binomialTail({ successes: 25, trials: 25, ...fair }), 1 / 2 ** 25, 1e-14)
    expectClose(binomialTail({ successes: 8, trials: 10, ...fair }), 56 / 1024, 1e-14)
    expectClose(binomialTail({ successes: 2, trials: 10, ...fair }), 1013 / 1024, 1e-14)
    expect(binomialTail({ successes: 0, trials: 10, ...fair })).toBe(1)
    expect(binomialTail({ successes: 3, trials: 3, cases: 5, count: 5 })).toBe(1)
    expect(binomialTail({ successes: 1, trials: 3, cases: 0, count: 5 })).toBe(0)
    // Far below the mode, yet not lost.
    expectClose(binomialTail({ successes: 1000, trials: 1000, ...fair }), 2 ** -1000, 1e-12)
  })

  property.prop([fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 99 })])(
    'adds up to the law, term by term',
    (trials, cases) => {
      const tail = (successes: number): number =>
        successes > trials ? 0 : binomialTail({ successes, trials, cases, count: 100 })
      let weight = 1
      for (let i = 0; i < trials; i++) weight *= (100 - cases) / 100
      for (let successes = 0; successes <= trials; successes++) {
        // Differences of numbers up to 1.
        expect(Math.abs(tail(successes) - tail(successes + 1) - weight)).toBeLessThan(1e-13)
        weight *= ((trials - successes) * cases) / ((successes + 1) * (100 - cases))
      }
    },
  )
})

test('a cut keeps tied values together', () => {
  const cut = (values: number[], quantile: number) =>
    cutAt((place) => values[place]!, values.length, quantile)
  expect(cut([1, 2, 3, 4, 5], 0.05)).toBe(1.5)
  expect(cut([1, 2, 3, 4, 5], 0.95)).toBe(4.5)
  expect(cut([1, 1, 1, 1, 5], 0.05)).toBe(3)
  expect(cut([1, 5, 5, 5, 5], 0.95)).toBe(3)
  expect(cut([7, 7, 7], 0.95)).toBe(7)
  expect(cut([1, 2, 3], 0.5)).toBe(2.5)
})

describe('mistakes are named', () => {
  const column = { name: 'x', values: Float64Array.of(0.5, 1, 2, 3) }
  const outcome = Uint8Array.of(0, 1, 1, 0)
  const cases: [string, PrimOptions, path: string][] = [
    ['outcome is 0 in all 4 cases', { columns: [column], outcome: new Uint8Array(4) }, 'outcome'],
    ['outcome is 1 in all 2 cases', { columns: [column], outcome: Uint8Array.of(1, 1) }, 'outcome'],
    ['outcome is empty', { columns: [column], outcome: new Uint8Array() }, 'outcome'],
    [
      'outcome is 0.5 in row 1, but only 0 and 1 are meant',
      { columns: [column], outcome: [0, 0.5] },
      'outcome',
    ],
    ['columns are empty', { columns: [], outcome }, 'columns'],
    ['column "x" is given twice', { columns: [column, column], outcome }, 'columns[1].name'],
    [
      'column "x" has 4 values, but the outcome has 3',
      { columns: [column], outcome: Uint8Array.of(0, 1, 0) },
      'x',
    ],
    [
      'column "x" is NaN in row 2, which is not a finite number',
      { columns: [{ name: 'x', values: Float64Array.of(0, 1, NaN, 3) }], outcome },
      'x',
    ],
    [
      'column "x" mixes numbers with other values',
      { columns: [{ name: 'x', values: [1, 'a', 2, 3] }], outcome },
      'x',
    ],
    [
      'column "x" is 0.5 in row 0, which is not a whole number',
      { columns: [{ ...column, kind: 'whole' }], outcome },
      'x',
    ],
    [
      'peelAlpha is 0.5, not above 0 and below 0.5',
      { columns: [column], outcome, peelAlpha: 0.5 },
      'peelAlpha',
    ],
    [
      'pasteAlpha is NaN, not above 0 and below 0.5',
      { columns: [column], outcome, pasteAlpha: NaN },
      'pasteAlpha',
    ],
    [
      'minimumMass is 0, not above 0 and at most 1',
      { columns: [column], outcome, minimumMass: 0 },
      'minimumMass',
    ],
    [
      'minimumCoverage is 2, not from 0 to 1',
      { columns: [column], outcome, minimumCoverage: 2 },
      'minimumCoverage',
    ],
    ['threshold is -1, not from 0 to 1', { columns: [column], outcome, threshold: -1 }, 'threshold'],
    ['boxes is 1.5, not a whole number above 0', { columns: [column], outcome, boxes: 1.5 }, 'boxes'],
    ['objective is "best"', { columns: [column], outcome, objective: 'best' as 'original' }, 'objective'],
  ]

  test.each(cases)('%s', (message, options, path) => {
    let thrown: unknown
    try {
      prim(options)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(RivalryError)
    expect(thrown).toMatchObject({ message, path, code: 'prim-input' })
  })
})
