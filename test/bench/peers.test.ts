/** Owns the check that every peer of the micro-model does the work it is timed for; absent peers skip. */

import { describe, expect, it } from 'vitest'

import { surveyPeers } from '../../bench/peers/contenders.ts'
import { checkMeasurement, totalsTolerance, totalsWithoutNoise } from '../../bench/peers/measurement.ts'

const { contenders, skipped } = await surveyPeers()
const contenderNamed = (name: string) => contenders.find((contender) => contender.name === name)

const withoutNoise = { replications: 7, sigma: 0, record: false, warmupReplications: 2 }

describe.each(contenders)('$name', (contender) => {
  it('reaches the four known totals without noise', async () => {
    const { totals } = await contender.run(withoutNoise)
    for (const key of ['meanUnits', 'meanPrice', 'meanCum', 'hhiUnits'] as const)
      expect(Math.abs(totals[key] - totalsWithoutNoise[key]), key).toBeLessThanOrEqual(totalsTolerance[key])
  })

  it('keeps 960 rows for each replication when recording, and none otherwise', async () => {
    const recording = { ...withoutNoise, record: true }
    const recorded = await contender.run(recording)
    expect(recorded.recordedRows).toBe(7 * 960)
    expect(() => checkMeasurement(recorded, recording, contender.name)).not.toThrow()
    const unrecorded = await contender.run(withoutNoise)
    expect(unrecorded.recordedRows).toBe(0)
    expect(() => checkMeasurement(unrecorded, withoutNoise, contender.name)).not.toThrow()
  })

  it('counts its own time, no more of it than it was away', async () => {
    const start = performance.now()
    const { wallSeconds, cpuSeconds } = await contender.run(withoutNoise)
    expect(wallSeconds).toBeGreaterThan(0)
    expect(wallSeconds).toBeLessThan((performance.now() - start) / 1000)
    expect(cpuSeconds).toBeGreaterThan(0)
  })
})

describe.each(skipped)('$name', ({ reason }) => {
  it.skip(`cannot run here: ${reason}`, () => {})
})

describe('noise', () => {
  // Mean units at sigma 0.2 over 60000 replications of three independent generators (numpy's, that of the C++
  // program and that of the JavaScript programs): 2310, standard error 5; standard deviation of one
  // replication 1146. The mean rises by 150 for 5% more sigma, so that 4 standard errors of 4000 replications
  // find a normal distribution whose deviation is off by 3%. Seeds are fixed: the test cannot fail by chance.
  const generators = contenders.filter(({ name }) => name !== 'flocc' && name !== 'AgentScript')
  it.for(generators)('moves the total units of $name as normal draws do', async (contender) => {
    const options = { replications: 4000, sigma: 0.2, record: false, warmupReplications: 0 }
    const { totals } = await contender.run(options)
    expect(Math.abs(totals.meanUnits - 2310)).toBeLessThan((4 * 1146) / Math.sqrt(4000) + 5)
  })

  it.for(['AgentScript', 'flocc'])('moves %s exactly as it moves typed arrays', async (name, { skip }) => {
    const contender = contenderNamed(name)
    if (contender === undefined) return skip(`${name} is not installed`)
    const options = { replications: 20, sigma: 0.05, record: false, warmupReplications: 0 }
    const [framework, byHand] = await Promise.all([
      contender.run(options),
      contenderNamed('typed arrays')!.run(options),
    ])
    // Same draws, same formulas: only the order of sums differs.
    expect(framework.totals.meanUnits / byHand.totals.meanUnits).toBeCloseTo(1, 10)
    expect(framework.totals.hhiUnits / byHand.totals.hhiUnits).toBeCloseTo(1, 10)
  })

  it('does not depend on how the C++ program is compiled', async ({ skip }) => {
    const builds = contenders.filter(({ name }) => name.startsWith('C++'))
    if (builds.length < 2) return skip('fewer than two builds of the C++ program')
    const options = { replications: 20, sigma: 0.05, record: false, warmupReplications: 0 }
    const [first, ...others] = await Promise.all(builds.map((build) => build.run(options)))
    for (const other of others) expect(other.totals.meanUnits / first!.totals.meanUnits).toBeCloseTo(1, 10)
  })
})

describe('numpy', () => {
  it('reaches the totals in a full batch of 500 replications and one of a single replication', async ({
    skip,
  }) => {
    const numpy = contenderNamed('numpy')
    if (numpy === undefined) return skip('numpy is not installed')
    const options = { ...withoutNoise, replications: 501, record: true }
    const measurement = await numpy.run(options)
    expect(() => checkMeasurement(measurement, options, 'numpy')).not.toThrow()
  })
})

describe('the check of a measurement', () => {
  const right = {
    agentSteps: 960,
    wallSeconds: 1,
    cpuSeconds: 1,
    totals: totalsWithoutNoise,
    recordedRows: 960,
    recordedMeanUnits: totalsWithoutNoise.meanUnits,
  }
  const options = { replications: 1, sigma: 0, record: true, warmupReplications: 0 }
  const wrong = [
    ['agent-steps', { ...right, agentSteps: 959 }],
    ['recorded rows', { ...right, recordedRows: 0 }],
    ['recorded units', { ...right, recordedMeanUnits: 900 }],
    ['mean price', { ...right, totals: { ...totalsWithoutNoise, meanPrice: 117.00034 } }],
  ] as const

  it('passes what is known to be right', () => {
    expect(() => checkMeasurement(right, options, 'some peer')).not.toThrow()
  })

  it.for(wrong)('finds out wrong %s', ([, measurement]) => {
    expect(() => checkMeasurement(measurement, options, 'some peer')).toThrow(/some peer/)
  })
})

describe('the normal draws of the JavaScript peers', () => {
  it('have the moments and the tails of the normal distribution', async () => {
    const file = new URL('../../bench/peers/gaussian.mjs', import.meta.url).href
    const { gaussian, seedGaussian } = (await import(file)) as {
      gaussian: () => number
      seedGaussian: (seed: number) => void
    }
    const draws = 1_000_000
    seedGaussian(1000)
    const sums = [0, 0, 0, 0]
    let beyondLastLayer = 0
    for (let i = 0; i < draws; i++) {
      const x = gaussian()
      for (let power = 1; power <= 4; power++) sums[power - 1]! += x ** power
      if (Math.abs(x) > 3.442619855899) beyondLastLayer++
    }
    const moments = sums.map((sum) => sum / draws)
    // Four standard errors: the k-th power has variance E[x^2k] - E[x^k]^2, that is 1, 2, 15 and 96.
    const [mean, square, cube, fourth] = moments as [number, number, number, number]
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / draws))
    expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / draws))
    expect(Math.abs(cube)).toBeLessThan(4 * Math.sqrt(15 / draws))
    expect(Math.abs(fourth - 3)).toBeLessThan(4 * Math.sqrt(96 / draws))
    // 2 (1 - Phi(3.442619855899)) = 5.7611e-4
    const expected = 5.7611e-4 * draws
    expect(Math.abs(beyondLastLayer - expected)).toBeLessThan(4 * Math.sqrt(expected))
  })
})
