/** The figures on prices of language models that the project quotes, worked out again from the files. */
import { describe, expect, test } from 'vitest'
import { numberIn, parseCsv, rowsOf, testWith, yearsOf } from './files.ts'
import { leastSquares, total } from './least-squares.ts'
import {
  bestScore,
  blendOf,
  fallPerYear,
  isTypingError,
  priceAtConstantDistance,
  priceAtConstantScore,
  priceFiles,
  priceSteps,
  pricedModels,
  scoredModels,
} from './model-prices.ts'

const epochFiles = [
  'epoch-llm-price-trends/aa_data_with_math5.csv',
  'epoch-llm-price-trends/epoch_ai_price_data_not_in_aa_with_benchmarks.csv',
]
const resultsFile = 'epoch-llm-price-trends/lowest_price_models_results.csv'
const joined = [priceFiles.joined, priceFiles.scores]

test('a quoted cell may hold commas, quotes and line ends', () => {
  expect(parseCsv('a,b\n"1, ""2""\n3",\n,4\r\n')).toEqual([
    ['a', 'b'],
    ['1, "2"\n3', ''],
    ['', '4'],
  ])
})

test('least squares recovers a plane, and its errors those of a textbook mean', () => {
  const rows = [1, 2, 3, 4, 5].map((x) => [1, x, x * x])
  const exact = leastSquares(
    rows,
    rows.map(([, x, xx]) => 2 - 3 * x! + 0.5 * xx!),
  )
  // Exact data: only rounding is left.
  ;[2, -3, 0.5].forEach((value, i) => expect(exact.coefficients[i]).toBeCloseTo(value, 9))
  // A regression on a constant alone: the mean 5 with error sd / sqrt(n) = sqrt(32 / 7) / sqrt(8).
  const constant = leastSquares(
    [2, 4, 4, 4, 5, 5, 7, 9].map(() => [1]),
    [2, 4, 4, 4, 5, 5, 7, 9],
  )
  expect(constant.coefficients[0]).toBeCloseTo(5, 12)
  expect(constant.standardErrors[0]).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12)
  expect(constant.robustErrors[0]).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12)
})

describe('the price of a language model', () => {
  testWith(epochFiles, 'falls 12 times a year at the same MMLU score (90%: 8 to 18; 59 models)', () => {
    const models = epochFiles.flatMap(rowsOf).filter((row) => numberIn(row, 'MMLU') > 0)
    const fit = leastSquares(
      models.map((row) => [1, numberIn(row, 'MMLU'), yearsOf(row['Release Date']!)]),
      models.map((row) => Math.log(numberIn(row, 'USD per 1M Tokens'))),
    )
    const { factor, low, high } = fallPerYear(fit, fit.robustErrors)
    // Quoted in whole numbers.
    expect([fit.n, ...[factor, low, high].map(Math.round)]).toEqual([59, 12, 8, 18])
  })

  testWith(
    [resultsFile],
    'falls 9 to 16 times in the estimates that Epoch AI published at MMLU up to GPT-4',
    () => {
      const published = rowsOf(resultsFile).filter(
        (row) => row['bench'] === 'MMLU' && row['threshold_model'] !== 'GPT-4 Turbo',
      )
      const factors = published.map((row) => numberIn(row, 'price_reduction_factor_per_year'))
      expect(factors).toHaveLength(4)
      expect(Math.round(Math.min(...factors))).toBe(9)
      expect(Math.round(Math.max(...factors))).toBe(16)
    },
  )

  testWith(
    joined,
    'rises by .22 log points a point of ECI, and falls 25 times a year at the same ECI',
    () => {
      const fit = priceAtConstantScore(pricedModels())
      const { factor, low, high } = fallPerYear(fit)
      expect(fit.n).toBe(99)
      // To the decimals that are quoted.
      expect(fit.coefficients[1]).toBeCloseTo(0.22, 2)
      expect(fit.standardErrors[1]).toBeCloseTo(0.02, 2)
      expect([factor, low, high].map(Math.round)).toEqual([25, 12, 49])
    },
  )

  testWith(
    joined,
    'falls 1.3 times a year at the same distance from the best on sale (90%: .9 to 1.9)',
    () => {
      const { factor, low, high } = fallPerYear(priceAtConstantDistance(pricedModels()))
      expect(factor).toBeCloseTo(1.32, 2)
      expect([low, high].map((bound) => Math.round(bound * 10) / 10)).toEqual([0.9, 1.9])
    },
  )

  testWith(
    [priceFiles.snapshots, priceFiles.events],
    'is sticky: 28 listed changes in 3,148 model-months',
    () => {
      const steps = priceSteps()
      const changes = steps.filter(({ ratio }) => Math.abs(ratio - 1) > 0.02)
      const listed = rowsOf(priceFiles.events).map(
        (row) => `${row['model']} ${row['snapshot']} ${numberIn(row, 'ratio').toFixed(2)}`,
      )
      const found = changes.map(({ model, date, ratio }) => `${model} ${date} ${ratio.toFixed(2)}`)
      expect(found.toSorted()).toEqual(listed.toSorted())
      expect(changes).toHaveLength(28)
      // Months of 30.4 days give 3,148, of a twelfth of a year 3,140.
      const months = 12 * total(steps.map(({ years }) => years))
      expect(Math.abs(months / 3148 - 1)).toBeLessThan(0.005)
    },
  )

  testWith(
    [priceFiles.snapshots],
    'falls 1.08 times a year while the model stays, without four typing errors',
    () => {
      const steps = priceSteps()
      const sound = steps.filter((step) => !isTypingError(step))
      expect(steps.length - sound.length).toBe(4)
      expect(sound.filter(({ ratio }) => Math.abs(ratio - 1) > 0.02)).toHaveLength(24)
      const years = total(sound.map((step) => step.years))
      expect(Math.round(years)).toBe(262)
      const fall = Math.exp(-total(sound.map(({ ratio }) => Math.log(ratio))) / years)
      expect(fall).toBeCloseTo(1.08, 2)
    },
  )
})

describe('the best model', () => {
  testWith([priceFiles.scores], 'has gained 1.3 points of ECI a month since 2024', () => {
    const inOrder = scoredModels().toSorted((a, b) => (a.released < b.released ? -1 : 1))
    const records = inOrder.filter((m) => m.released >= '2024' && m.score >= bestScore(m.released))
    const fit = leastSquares(
      records.map((m) => [1, 12 * yearsOf(m.released)]),
      records.map((m) => m.score),
    )
    expect(records.length).toBeGreaterThan(10)
    expect(fit.coefficients[1]).toBeCloseTo(1.3, 1)
  })

  testWith(
    [priceFiles.scores],
    'of open weights was 5 to 9 points behind the best of all, 2024 to 2025',
    () => {
      const quarters = ['2024', '2025'].flatMap((year) =>
        ['01', '04', '07', '10'].map((month) => `${year}-${month}-01`),
      )
      const behind = [...quarters, '2026-01-01'].map(
        (date) => bestScore(date) - bestScore(date, (m) => m.open),
      )
      expect(Math.round(Math.min(...behind))).toBe(5)
      expect(Math.round(Math.max(...behind))).toBe(9)
    },
  )
})

testWith([priceFiles.joined], 'the joined prices are blended three to one', () => {
  for (const row of rowsOf(priceFiles.joined)) expect(numberIn(row, 'blend')).toBeCloseTo(blendOf(row), 9)
})
