/** Q-learners update as the definition says, are the same on any number of threads, and refuse what makes no sense. */
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  type GreedyPlay,
  type LearningSettings,
  QLearners,
  deviationResponse,
  learnSession,
  learnSessions,
  learningSettings,
  limitCycle,
  profitGain,
  stageGame,
} from '../../agents/learning/index.ts'
import { fillWords } from '../../engine/numerics/words.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { streamId } from '../../engine/numerics/streams.ts'
import { loadScenario } from '../../scenarios/index.ts'
import { dilemma, plainSession, threefryBlock } from './learning.ts'

const key = seedKeyOf(1)
const address = { key, session: 0 }
const duopoly = stageGame(loadScenario('duopoly'))

/** Short sessions of the duopoly: some thousands of periods. */
const SHORT: Partial<LearningSettings> = { explorationDecay: 2e-3, convergencePeriods: 1000 }

function expectError(work: () => unknown, code: string, ...says: string[]): void {
  let caught: unknown
  try {
    work()
  } catch (error) {
    caught = error
  }
  expect(caught).toMatchObject({ name: 'RivalryError', code })
  for (const text of says) expect((caught as Error).message).toContain(text)
}

describe('one update', () => {
  const settings = learningSettings({ learningRate: 0.5, discountFactor: 0.5 })

  test('values start at the mean profit over rivals prices, for ever', () => {
    const learners = new QLearners(dilemma(5), settings, address)
    for (const startup of [0, 1])
      for (const state of [0, 1, 2, 3]) {
        // Low: (1 + 5) / 2 / (1 - 1/2); high: (0 + 3) / 2 / (1 - 1/2).
        expect(learners.value(startup, state, 0)).toBe(6)
        expect(learners.value(startup, state, 1)).toBe(3)
        expect(learners.greedyAction(startup, state)).toBe(0)
      }
  })

  test('replaces a share of the old value by profit and the discounted best value of the next state', () => {
    const learners = new QLearners(dilemma(5), settings, address)
    learners.playGiven({ state: 0, actions: [1, 1] })
    // (1 - 1/2) 3 + 1/2 (3 + 1/2 max(6, 3)) = 4.5, and the state is that of two high prices.
    expect(learners.value(0, 0, 1)).toBe(4.5)
    expect(learners.value(1, 0, 1)).toBe(4.5)
    expect(learners.state).toBe(3)
    learners.playGiven({ state: 3, actions: [1, 0] })
    // The left earns 0, the right 5; the next state is 1, whose best value is still 6.
    expect(learners.value(0, 3, 1)).toBe(0.5 * 3 + 0.5 * (0 + 0.5 * 6))
    expect(learners.value(1, 3, 0)).toBe(0.5 * 6 + 0.5 * (5 + 0.5 * 6))
    expect(learners.state).toBe(1)
  })

  test('takes the best value of the next state as it was before the update, in the same state too', () => {
    const learners = new QLearners(dilemma(5), settings, address)
    learners.playGiven({ state: 3, actions: [1, 1] })
    expect(learners.value(0, 3, 1)).toBe(4.5)
    learners.playGiven({ state: 3, actions: [1, 1] })
    expect(learners.value(0, 3, 1)).toBe(0.5 * 4.5 + 0.5 * (3 + 0.5 * 6))
  })

  test('changes the greedy price when another value becomes larger, and not when it becomes equal', () => {
    const greedyAfter = (temptation: number, learningRate: number): number[] => {
      const game = {
        ...dilemma(temptation),
        profits: Float64Array.of(1, 1, 0, temptation, temptation, 0, 6, 6),
      }
      const learners = new QLearners(game, learningSettings({ learningRate, discountFactor: 0 }), address)
      learners.playGiven({ state: 0, actions: [1, 1] })
      return [learners.value(0, 0, 0), learners.value(0, 0, 1), learners.greedyAction(0, 0)]
    }
    // Low (1 + 11) / 2 = 6 against high (0 + 6) / 2 = 3, which becomes 6 with learning rate 1.
    expect(greedyAfter(11, 1)).toEqual([6, 6, 0])
    // Low (1 + 9) / 2 = 5.
    expect(greedyAfter(9, 1)).toEqual([5, 6, 1])
    expect(greedyAfter(9, 0.5)).toEqual([5, 4.5, 0])
  })

  test('leaves the greedy price when its own value falls below another', () => {
    const learners = new QLearners(
      dilemma(5),
      learningSettings({ learningRate: 1, discountFactor: 0 }),
      address,
    )
    expect(learners.greedyAction(0, 2)).toBe(0)
    // Both low earn 1, less than the 1.5 that high starts with.
    learners.playGiven({ state: 2, actions: [0, 0] })
    expect(learners.greedyAction(0, 2)).toBe(1)
    expect(learners.greedyAction(0, 1)).toBe(0)
  })
})

describe('whole sessions', () => {
  const cases = fc.record({
    session: fc.nat(1e9),
    memoryPeriods: fc.integer({ min: 0, max: 2 }),
    startups: fc.integer({ min: 2, max: 3 }),
    priceCount: fc.integer({ min: 2, max: 4 }),
    learningRate: fc.double({ min: 0.05, max: 1, noNaN: true }),
    discountFactor: fc.double({ min: 0, max: 0.99, noNaN: true }),
    explorationDecay: fc.constantFrom(1e-3, 1e-2),
    seed: fc.nat(),
  })

  property.prop([cases], { numRuns: 25 })(
    'are those of learners written out from the definition',
    ({ session, memoryPeriods, startups, priceCount, seed, ...rest }) => {
      const settings = learningSettings({ ...rest, memoryPeriods, convergencePeriods: 300 })
      const names = Array.from({ length: startups }, (_, i) => `s${i}`)
      const words = new Uint32Array(4 * Math.ceil((startups * priceCount ** startups) / 4))
      fillWords(words, {
        key: seedKeyOf(seed),
        stream: streamId('q-learning'),
        index: 0,
        purpose: 2,
        firstBlock: 0,
      })
      const game = {
        ...dilemma(5),
        startups: names,
        priceCount,
        prices: names.map(() => Array.from({ length: priceCount }, (_, a) => a + 1)),
        profits: Float64Array.from(words.subarray(0, startups * priceCount ** startups), (w) => w / 2 ** 32),
      }
      const learners = new QLearners(game, settings, { key, session })
      learners.play(1500)
      const expected = plainSession(game, settings, { key, session, periods: 1500 })
      expect(learners.period).toBe(expected.periods)
      const seen = names.map((_, i) =>
        Array.from({ length: learners.stateCount }, (__, state) =>
          Array.from({ length: priceCount }, (___, action) => learners.value(i, state, action)),
        ),
      )
      expected.values.forEach((ofStates, i) =>
        ofStates.forEach((row, state) => {
          // The first values are sums in another order: 1e-12 of values of at most 100.
          row.forEach((value, action) =>
            expect(Math.abs(seen[i]![state]![action]! - value)).toBeLessThan(1e-10),
          )
          const greedy = learners.greedyAction(i, state)
          expect(seen[i]![state]![greedy]).toBe(Math.max(...seen[i]![state]!))
        }),
      )
    },
  )

  test('play on from where they stopped as if they had not', () => {
    const whole = new QLearners(duopoly, learningSettings(SHORT), address)
    whole.play(3000)
    const parts = new QLearners(duopoly, learningSettings(SHORT), address)
    for (const periods of [1, 254, 1, 1, 700, 2043]) parts.play(periods)
    expect(parts.period).toBe(3000)
    expect([parts.state, parts.epsilon]).toEqual([whole.state, whole.epsilon])
    for (let state = 0; state < 225; state++)
      for (let action = 0; action < 15; action++)
        expect(parts.value(1, state, action)).toBe(whole.value(1, state, action))
  })

  test('explore with probability e^(-beta t), every price equally often and each startup for itself', () => {
    // Nobody learns anything worth repeating at once, so prices are known to be explored in the first periods.
    const settings = learningSettings({ explorationDecay: 1e-9 })
    const learners = new QLearners(duopoly, settings, address)
    const counts = new Float64Array(225)
    const periods = 45_000
    for (let period = 0; period < periods; period++) {
      learners.play(1)
      counts[learners.state]!++
    }
    const expected = periods / 225
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 224 degrees of freedom: mean 224, standard deviation 21.2; four of them.
    expect(Math.abs(chiSquare - 224)).toBeLessThan(85)

    const fading = new QLearners(duopoly, learningSettings({ explorationDecay: 1e-3 }), address)
    fading.play(2000)
    // Two thousand products, each rounded to 1e-16.
    expect(Math.abs(fading.epsilon / Math.exp(-2) - 1)).toBeLessThan(1e-12)
  })

  test('end at the first period after which nothing has changed for as long as asked, or at the most periods', () => {
    const converged = learnSession(duopoly, SHORT, address)
    expect(converged.hasConverged).toBe(true)
    const earlier = new QLearners(duopoly, learningSettings(SHORT), address)
    earlier.play(converged.periods - 1)
    expect(earlier.hasConverged).toBe(false)
    earlier.play(1)
    expect(earlier.hasConverged).toBe(true)
    const cut = learnSession(duopoly, { ...SHORT, mostPeriods: 500 }, address)
    expect([cut.hasConverged, cut.periods]).toEqual([false, 500])
  })
})

test('words of a session are those of the engine, by address', () => {
  const words = new Uint32Array(12)
  fillWords(words, { key, stream: streamId('q-learning'), index: 7, purpose: 1, firstBlock: 2 ** 32 - 1 })
  const expected = [2 ** 32 - 1, 0, 1].flatMap((block) =>
    threefryBlock(...key, 7, streamId('q-learning'), 1, block),
  )
  expect([...words]).toEqual(expected)
})

describe('after learning', () => {
  /** High after both did the same, low otherwise: punishes for one period. */
  const winStay: GreedyPlay = {
    game: dilemma(5),
    settings: learningSettings({}),
    state: 1,
    greedyAction: (_, state) => (state === 0 || state === 3 ? 1 : 0),
    nextState: (_, actions) => actions[0]! + 2 * actions[1]!,
  }

  test('the limit cycle leaves out what leads to it', () => {
    expect(limitCycle(winStay)).toEqual({ states: [3], prices: [2, 2], profits: [3, 3] })
    const taking: GreedyPlay = {
      ...winStay,
      // In turns: whoever was high is low.
      greedyAction: (startup, state) => (state === 1 ? startup : 1 - startup),
    }
    const cycle = limitCycle(taking)
    expect(new Set(cycle.states)).toEqual(new Set([1, 2]))
    expect(cycle.states.length).toBe(2)
    expect(cycle.prices).toEqual([1.5, 1.5])
    expect(cycle.profits).toEqual([2.5, 2.5])
  })

  test('a deviation is answered as the rules say, and what it earns is discounted', () => {
    const response = deviationResponse(winStay, limitCycle(winStay))
    // One for each startup. It gains 5 - 3 at once and loses 3 - 1 in the next period, at .95: better by .1.
    expect(response.deviations).toBe(2)
    expect(response.unprofitableShare).toBe(0)
    expect(response.punishedShare).toBe(1)
    expect(response.forgottenShare).toBe(1)
    expect(response.prices.deviator).toEqual([0.5, 0.5, ...Array<number>(14).fill(1)])
    expect(response.prices.rivals).toEqual([1, 0.5, ...Array<number>(14).fill(1)])
    // With a temptation of 4.8 it gains 1.8 and loses 1.9.
    const tempted = { ...winStay, game: dilemma(4.8) }
    expect(deviationResponse(tempted, limitCycle(tempted)).unprofitableShare).toBe(1)
  })

  test('who plays the best response of a period has no deviation to make', () => {
    const low: GreedyPlay = { ...winStay, greedyAction: () => 0 }
    expect(deviationResponse(low, limitCycle(low))).toMatchObject({ deviations: 0, unprofitableShare: 0 })
  })

  test('profit gain is 0 at Nash and 1 at joint profits', () => {
    const { nash, joint } = duopoly
    expect(profitGain(duopoly, nash.profits)).toBe(0)
    expect(profitGain(duopoly, joint.profits)).toBe(1)
    expect(profitGain(dilemma(5), [2, 1.5])).toBe(0.375)
  })
})

describe('studies', () => {
  test('are the same for any number of threads, and session by session', async () => {
    const alone = await learnSessions(duopoly, { sessions: 5, settings: SHORT, workers: 1 })
    const threads = await learnSessions(duopoly, { sessions: 5, settings: SHORT, workers: 2 })
    expect(threads).toEqual(alone)
    const last = await learnSessions(duopoly, { sessions: 2, first: 3, settings: SHORT, workers: 1 })
    expect(last.results).toEqual(alone.results.slice(3))
    expect(learnSession(duopoly, SHORT, { key, session: 4 })).toEqual(alone.results[4])
  })

  test('differ by session and by seed, and a text and a number are one seed', async () => {
    const of = async (seed: string | number) =>
      (await learnSessions(duopoly, { sessions: 3, seed, settings: SHORT, workers: 1 })).results.map(
        ({ periods, profitGain: gain }) => `${periods} ${gain}`,
      )
    const one = await of(1)
    expect(new Set([...one, ...(await of(2))]).size).toBe(6)
    expect(await of('1')).toEqual(one)
  })

  test('summarise what their sessions say', async () => {
    const { results, summary } = await learnSessions(duopoly, { sessions: 12, settings: SHORT, workers: 1 })
    const gains = results.map((result) => result.profitGain)
    const mean = gains.reduce((a, b) => a + b, 0) / 12
    const sd = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / 11)
    expect(summary.converged).toBe(12)
    expect(summary.profitGain.mean).toBeCloseTo(mean, 12)
    expect(summary.profitGain.standardDeviation).toBeCloseTo(sd, 12)
    expect(summary.profitGain.standardError).toBeCloseTo(sd / Math.sqrt(12), 12)
    const { one, two, longer } = summary.cycleShares
    expect(one + two + longer).toBeCloseTo(1, 12)
    expect(one).toBeCloseTo(results.filter(({ cyclePeriods }) => cyclePeriods === 1).length / 12, 12)
    const single = await learnSessions(duopoly, { sessions: 1, settings: SHORT, workers: 2 })
    expect(single.summary.profitGain).toEqual({
      mean: gains[0],
      standardError: null,
      standardDeviation: null,
    })
  })

  test('leave sessions that have not converged out of the means', async () => {
    const { summary } = await learnSessions(duopoly, {
      sessions: 2,
      settings: { ...SHORT, mostPeriods: 100 },
      workers: 1,
    })
    expect(summary).toMatchObject({ sessions: 2, converged: 0, profitGain: { mean: NaN } })
  })
})

describe('what makes no sense is refused', () => {
  test.each([
    ['learningRate', 0],
    ['learningRate', 1.01],
    ['explorationDecay', 0],
    ['explorationDecay', -1e-6],
    ['discountFactor', 1],
    ['discountFactor', NaN],
    ['memoryPeriods', 0.5],
    ['memoryPeriods', -1],
    ['convergencePeriods', 0],
    ['mostPeriods', Infinity],
  ])('%s of %d', (name, value) => {
    expectError(() => learningSettings({ [name]: value }), 'out-of-range', `${name} is ${value}`)
  })

  test('a setting that does not exist', () => {
    expectError(() => learningSettings({ alpha: 0.1 } as object), 'unknown-setting', 'alpha')
  })

  test('tables that do not fit', () => {
    // 15^4 states of 15 prices fit, 15^6 do not.
    expect(() => new QLearners(duopoly, learningSettings({ memoryPeriods: 2 }), address)).not.toThrow()
    expectError(() => learnSession(duopoly, { memoryPeriods: 3 }, address), 'out-of-range', 'memoryPeriods 3')
  })

  test.each([
    [{ sessions: 0 }, 'sessions is 0'],
    [{ workers: 1.5 }, 'workers is 1.5'],
    [{ first: -1 }, 'first is -1'],
    [{ first: 2 ** 32 - 1, sessions: 2 }, 'first is 4294967295'],
    [{ settings: { learningRate: 2 } }, 'learningRate is 2'],
    [{ settings: { memoryPeriods: 3 } }, 'memoryPeriods 3'],
  ])('a study with %o', async (options, says) => {
    await expect(learnSessions(duopoly, options)).rejects.toMatchObject({
      name: 'RivalryError',
      code: 'out-of-range',
      message: expect.stringContaining(says) as string,
    })
  })
})
