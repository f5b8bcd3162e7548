/** Strategies in plain TypeScript: they see and decide for whole batches, and nothing else changes. */
import { describe, expect, test } from 'vitest'
import { actionNames } from '../../engine/market/actions.ts'
import type { TracedStrategy } from '../../engine/market/decisions.ts'
import { compileMarket } from '../../engine/market/market.ts'
import { segmentOf } from '../../engine/market/model.ts'
import { seedKeyOf } from '../../engine/numerics/seed.ts'
import { Instance } from '../../engine/simulation/instance.ts'
import {
  PlainRunner,
  type PlainSituation,
  type PlainStrategy,
} from '../../engine/simulation/plain-strategies.ts'
import { indexOf, month, where, type Num, type NumLike } from '../../engine/trace/index.ts'
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

  test('does what a traced strategy with the same decisions does, to the bit, action by action', () => {
    // One change of every action, from month 5 on. Plans of subscription: consumers and businesses, monthly and yearly.
    const traced: TracedStrategy = {
      name: 'mine',
      meaning: 'changes everything in month 5',
      settings: {},
      acts: actionNames,
      decide: ({ startup, usual }) => {
        const later = (value: NumLike, before: NumLike): Num => where(month().isBelow(5), before, value)
        return {
          rd: later(1.5e5, usual.rd),
          marketing: later(3e5, usual.marketing),
          rdMix: [later(3, startup.mix.at(0)), later(1, startup.mix.at(1)), later(0, startup.mix.at(2))],
          efficiencyShare: later(0.3, 0),
          reservation: later(1.2, 1),
          takeRate: 0,
          outShare: later(0.1, 0),
          split: (pair) => later(where(indexOf(segmentOf(pair)).equals(0), 0, 1), pair.share),
          priceMultiplier: () => later(0.8, 1),
          open: (plan) => usual.isOpen(plan).and(month().isBelow(5).or(plan.termMonths.equals(1))),
          adLoad: (plan) => plan.adLoad,
          freeCap: (plan) => plan.cap,
          freeQuality: (plan) => plan.qualityShare,
          hiring: () => later(2, 1),
        }
      },
    }
    const plain: PlainStrategy['decide'] = ({ month: now, does, plans, segments, sees }) => {
      if (now < 5) return
      does.rd.fill(1.5e5)
      does.marketing.fill(3e5)
      does.rdAccuracy.fill(3)
      does.rdScalability.fill(1)
      does.rdResponsiveness.fill(0)
      does.efficiencyShare.fill(0.3)
      does.reservation.fill(1.2)
      does.outShare.fill(0.1)
      for (const { id, does: decided } of segments) decided.split.fill(id === 'consumer' ? 0 : 1)
      plans.forEach(({ does: decided }, i) => {
        decided.priceMultiplier.fill(0.8)
        decided.hiring.fill(2)
        if (market.startups.find(({ id }) => id === 'subscription')!.plans[i]!.term > 1) decided.open.fill(0)
      })
      expect(sees.alive.every((flag) => flag === 0 || flag === 1)).toBe(true)
    }
    const market = loadScenario(scenario)
    const compiled = compileMarket(
      loadScenario(scenario, { set: [`months=${months}`, 'startups.subscription.strategy=mine'] }),
      { recording: 'summary', strategies: [traced] },
    )
    const instance = new Instance(compiled.program, compiled.structure, {
      backend: 'wasm',
      months,
      key: seedKeyOf('plain'),
      rows: replications,
    })
    instance.setPoint(compiled.values)
    instance.runReplications({ first: 0, count: replications })
    expect(profits(plain)).toEqual(Array.from(instance.output('startups', 'profit', { replications })))
    expect(profits(plain)).not.toEqual(profits(undefined))
  })

  test('sees its segments, and of its rivals what is public', () => {
    const seen: {
      segments: string[]
      open: number[]
      rivals: string[]
      fields: string[]
      planFields: string[]
    }[] = []
    profits(({ segments, plans, rivals }) => {
      seen.push({
        segments: segments.map(({ id }) => id),
        open: plans.map(({ sees }) => sees.open[0]!),
        rivals: rivals.map(({ id }) => id),
        fields: Object.keys(rivals[0]!.sees),
        planFields: Object.keys(rivals[0]!.plans[0]!.sees),
      })
      expect(segments.every(({ sees }) => sees.awareness[0]! > 0 && sees.potential[0]! >= 4000)).toBe(true)
      expect(rivals.every(({ sees }) => sees.accuracy[1]! > 0.05)).toBe(true)
      for (const { does } of plans) does.open.fill(0)
    })
    expect(seen[0]!.segments).toEqual(['consumer', 'smb'])
    expect(seen[0]!.rivals).not.toContain('subscription')
    expect(seen[0]!.rivals).toHaveLength(7)
    expect(seen[0]!.fields).toEqual(['alive', 'accuracy', 'scalability', 'responsiveness', 'openness'])
    expect(seen[0]!.planFields).not.toContain('customers')
    // Open as scheduled before the first decision, and as it decided after it.
    expect(seen[0]!.open).toEqual([1, 1, 1, 1])
    expect(seen[1]!.open).toEqual([0, 0, 0, 0])
  })

  test('that wants a split or an opening that is no number fails, naming segment or plan', () => {
    const wants = (change: (situation: PlainSituation) => void) => () =>
      profits((situation) => {
        if (situation.month === 2) change(situation)
      })
    expect(wants(({ segments }) => segments[1]!.does.split.fill(NaN))).toThrow(
      /^split of segment smb is NaN in month 2 of replication 0$/,
    )
    expect(wants(({ plans }) => plans[0]!.does.open.fill(Infinity))).toThrow(
      /^open of plan \S+ is Infinity in month 2/,
    )
  })
})
