/** Strategies in plain TypeScript: they see and decide for whole batches, and nothing else changes. */
import { describe, expect, test } from 'vitest'
import { compileMarket } from '../../engine/market/market.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { Instance } from '../../engine/simulation/instance.ts'
import { PlainRunner, type PlainStrategy } from '../../engine/simulation/plain-strategies.ts'
import { loadScenario } from '../../scenarios/index.ts'

const replications = 8
const scenario = 'large-model-market'
const months = 24

function profits(
  decide: PlainStrategy['decide'] | undefined,
  backend: 'wasm' | 'javascript' = 'wasm',
): number[] {
  const set = [`months=${months}`, ...(decide ? ['startups.subscription.strategy=mine'] : [])]
  const compiled = compileMarket(loadScenario(scenario, { set }), {
    recording: 'summary',
    outside: decide ? ['mine'] : [],
  })
  const instance = new Instance(compiled.program, compiled.structure, {
    backend,
    months,
    key: seedKeyOf('plain'),
    rows: replications,
    blocks: replications / 4,
  })
  instance.setPoint(compiled.values)
  if (decide)
    new PlainRunner(instance, compiled, [{ name: 'mine', decide }]).run({ first: 0, count: replications })
  else instance.runReplications({ first: 0, count: replications })
  return Array.from(instance.output('startups', 'profit', { replications }))
}

describe('a strategy in plain TypeScript', () => {
  test('that decides nothing gives the bits of the default strategy', () => {
    expect(profits(() => {})).toEqual(profits(undefined))
  })

  test('changes what its startup earns, with the same bits on both back ends', () => {
    const cheap: PlainStrategy['decide'] = ({ plans }) =>
      plans.forEach((plan) => plan.does.priceMultiplier.fill(0.5))
    const wasm = profits(cheap)
    expect(wasm).not.toEqual(profits(undefined))
    expect(profits(cheap, 'javascript')).toEqual(wasm)
  })

  test('sees every month once, all replications at a time, with its own books', () => {
    const seen: { month: number; cash: number[]; replications: number }[] = []
    profits(({ month, replications: count, sees }) => {
      seen.push({ month, replications: count, cash: Array.from(sees.cash.subarray(0, count)) })
    })
    expect(seen.map(({ month }) => month)).toEqual(Array.from({ length: months }, (_, month) => month))
    expect(new Set(seen.map(({ replications: count }) => count))).toEqual(new Set([replications]))
    expect(new Set(seen[0]?.cash).size).toBe(replications)
    expect(seen[0]?.cash.every((cash) => cash > 0)).toBe(true)
  })

  test('that decides something that is no number fails, naming startup, month and strategy', () => {
    expect(() =>
      profits(({ month, does }) => {
        if (month === 3) does.rd[5] = NaN
      }),
    ).toThrow(
      expect.objectContaining({
        code: 'action',
        path: 'startup subscription, strategy mine',
        message: 'rd is NaN in month 3 of replication 5',
      }),
    )
  })

  test('is held to the bounds of the scenario', () => {
    const wild = profits(({ plans }) => plans.forEach((plan) => plan.does.priceMultiplier.fill(1e9)))
    const highest = profits(({ plans }) => plans.forEach((plan) => plan.does.priceMultiplier.fill(10)))
    expect(wild).toEqual(highest)
  })
})
