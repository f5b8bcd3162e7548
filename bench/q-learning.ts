/**
 * Measures learners that set prices against each other: what they earn, how they answer a deviation, and how fast it is
 * computed, for two, three and four startups like those of the duopoly scenario. A run with the defaults fits in a
 * minute on two cores.
 *
 *   npx tsx bench/q-learning.ts
 *   npx tsx bench/q-learning.ts --startups 2 --sessions 1000
 *   npx tsx bench/q-learning.ts --startups 2 --sessions 1000 --beta 1e-4
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import {
  type SessionsSummary,
  PUBLISHED_SETTINGS,
  learnSessions,
  stageGame,
  withEqualStartups,
} from '../agents/learning/index.ts'
import { RivalryError } from '../engine/errors.ts'
import { loadScenario } from '../scenarios/index.ts'
import { startStopwatch } from './measure.ts'
import { readNumber } from './programs.ts'
import { formatTable } from './table.ts'

/** Sessions unless told otherwise: more startups need more periods each, and more time a period. */
const SESSIONS: Readonly<Record<string, string>> = { 2: '100', 3: '20', 4: '4' }

const { values } = parseArgs({
  options: {
    startups: { type: 'string', default: '2,3,4' },
    sessions: { type: 'string' },
    first: { type: 'string', default: '0' },
    alpha: { type: 'string', default: String(PUBLISHED_SETTINGS.learningRate) },
    beta: { type: 'string', default: String(PUBLISHED_SETTINGS.explorationDecay) },
    delta: { type: 'string', default: String(PUBLISHED_SETTINGS.discountFactor) },
    memory: { type: 'string', default: String(PUBLISHED_SETTINGS.memoryPeriods) },
    prices: { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
})
const settings = {
  learningRate: readNumber('alpha', values.alpha, 0, Number.isFinite),
  discountFactor: readNumber('delta', values.delta, 0, Number.isFinite),
  explorationDecay: readNumber('beta', values.beta, 0, Number.isFinite),
  memoryPeriods: readNumber('memory', values.memory, 0),
}
const priceCount = readNumber('prices', values.prices, 2)
const workers = readNumber('workers', values.workers, 1)
const first = readNumber('first', values.first, 0)

const rows: string[][] = []
const answers: string[][] = []
const responses: string[][] = []
const percent = (share: number): string => `${(100 * share).toFixed(0)}%`
try {
  for (const text of values.startups.split(',')) {
    const count = readNumber('startups', text, 2)
    const sessions = readNumber('sessions', values.sessions ?? SESSIONS[count] ?? '4', 1)
    const game = stageGame(withEqualStartups(loadScenario('duopoly'), count), { priceCount })
    const read = startStopwatch()
    const { results, summary } = await learnSessions(game, {
      sessions,
      first,
      settings,
      seed: values.seed,
      workers,
    })
    const { wallSeconds, cpuSeconds } = read()
    const periods = results.reduce((sum, result) => sum + result.periods, 0)
    rows.push([
      ...rowOf(count, summary),
      ((60 * sessions) / wallSeconds).toFixed(0),
      (periods / cpuSeconds / 1e6).toFixed(1),
    ])
    const { deviator, rivals } = summary.response.prices
    const change = (ratios: readonly number[]): string[] =>
      ratios.map((ratio) => (100 * (ratio - 1)).toFixed(1))
    answers.push(answerOf(count, summary))
    responses.push([`${count}, deviator`, ...change(deviator)], [`${count}, rivals`, ...change(rivals)])
  }
} catch (error) {
  if (!(error instanceof RivalryError)) throw error
  console.error(`error[${error.code}] ${error.message}${error.hint === undefined ? '' : `\n${error.hint}`}`)
  process.exit(2)
}

const right = (header: string) => ({ header, align: 'right' as const })
console.log(
  `Q-learners: alpha ${settings.learningRate}, beta ${settings.explorationDecay}, ` +
    `delta ${settings.discountFactor}, memory ${settings.memoryPeriods}, ${priceCount} prices, ` +
    `seed ${values.seed}, ${workers} threads\n`,
)
const columns = [
  'startups',
  'sessions',
  'converged',
  'profit gain',
  'se',
  'sd',
  'price gain',
  'periods/1e6',
  'cycle 1',
  'cycle 2',
  'longer',
  'sessions/min',
  '1e6 periods/CPU s',
]
console.log(formatTable(columns.map(right), rows))
console.log(`
Gains: 0 at Bertrand-Nash, 1 at joint profit. Cycle: share of sessions whose prices come back after so many periods.

After a startup is made to set its best response of one period: shares of deviations that earn it less in the long run,
that lower rivals' prices in the next period, and after which all prices are back within 15 periods
`)
console.log(formatTable(['startups', 'loss', 'punished', 'forgotten'].map(right), answers))
console.log('\nPrices after it, by period, in % above those without it\n')
const periodColumns = (responses[0] ?? []).slice(1).map((_, period) => right(String(period)))
console.log(formatTable([{ header: 'startups', align: 'left' }, ...periodColumns], responses))

function rowOf(count: number, summary: SessionsSummary): string[] {
  const { profitGain, priceGain, periods, cycleShares } = summary
  return [
    String(count),
    String(summary.sessions),
    String(summary.converged),
    profitGain.mean.toFixed(4),
    profitGain.standardError?.toFixed(4) ?? '-',
    profitGain.standardDeviation?.toFixed(4) ?? '-',
    priceGain.mean.toFixed(3),
    (periods.mean / 1e6).toFixed(2),
    percent(cycleShares.one),
    percent(cycleShares.two),
    percent(cycleShares.longer),
  ]
}

function answerOf(count: number, { response }: SessionsSummary): string[] {
  const { unprofitableShare, punishedShare, forgottenShare } = response
  return [String(count), ...[unprofitableShare, punishedShare, forgottenShare].map(percent)]
}
