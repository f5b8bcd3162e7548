/** Owns what happens when a strategy, or who names one, makes a mistake. */
import { expect, test } from 'vitest'
import { strategies } from '../../../agents/strategies/index.ts'
import { RivalryError } from '../../../engine/errors.ts'
import { checkActions, type Actions, type TracedStrategy } from '../../../engine/market/decisions.ts'
import { compileMarket } from '../../../engine/market/market.ts'
import { max, month, num, where, type Num } from '../../../engine/trace/index.ts'
import { simulate } from '../../../index.ts'
import { marketWith } from './small-market.ts'
import { recordAll } from './strategic-run.ts'

function thrownBy(work: () => unknown): RivalryError {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(RivalryError)
    return error as RivalryError
  }
  throw new Error('nothing was thrown')
}

const compiled =
  (...of: Parameters<typeof marketWith>) =>
  () =>
    compileMarket(marketWith(...of), { recording: 'summary', strategies })

test('a misspelt strategy is an error that says where, and which one may be meant', () => {
  const { code, path, message, hint } = thrownBy(compiled('undrecut'))
  expect([code, path, message]).toEqual([
    'unknown-strategy',
    'startups.own.strategy',
    'there is no strategy called undrecut',
  ])
  expect(hint).toBe(
    `did you mean 'undercut'? known strategies: default, ${strategies.map(({ name }) => name).join(', ')}`,
  )
})

test('nothing is suggested for a name that resembles none', () => {
  expect(thrownBy(compiled('zigzag')).hint).toMatch(/^known strategies: default, cost-plus, /)
})

test('an unknown setting, and one out of its bounds, are errors that name the setting and say what is allowed', () => {
  const unknown = thrownBy(compiled('undercut', { step: 0.1 }))
  expect([unknown.code, unknown.path, unknown.hint]).toEqual([
    'unknown-setting',
    'startups.own.strategy.settings.step',
    'its settings: by, margin, ceiling',
  ])
  const outside = thrownBy(compiled('undercut', { by: 0.95 }))
  expect([outside.code, outside.path, outside.hint]).toEqual([
    'out-of-range',
    'startups.own.strategy.settings.by',
    'it must be between 0 and 0.9',
  ])
})

/** A strategy called hold, which the small market may name, that acts as told. */
const faulty = (acts: readonly (keyof Actions)[], decide: TracedStrategy['decide']): TracedStrategy => ({
  name: 'hold',
  meaning: 'faulty',
  settings: {},
  acts,
  decide,
})

test('an action that a strategy does not declare is an error: prices would not be compiled in', () => {
  const strategy = faulty(['rd'], () => ({ rd: num(1), priceMultiplier: () => num(2) }))
  const { code, message } = thrownBy(() =>
    compileMarket(marketWith('hold'), { recording: 'summary', strategies: [strategy] }),
  )
  expect([code, message]).toEqual([
    'undeclared-action',
    'strategy hold acts on priceMultiplier and does not say so',
  ])
})

/** The given number in month 3 and later, else 1. */
const fromMonth3 = (value: Num): Num => where(month().toNum().isAtLeast(3), value, 1)
const undefinedNumber = (): Num => num(0).over(max(num(0), 0))
const infinite = (): Num => num(1).over(max(num(0), 0))

const broken: [keyof Actions, Actions][] = [
  [
    'rd',
    {
      get rd() {
        return fromMonth3(undefinedNumber())
      },
    },
  ],
  [
    'marketing',
    {
      get marketing() {
        return fromMonth3(infinite().negated())
      },
    },
  ],
  ['priceMultiplier', { priceMultiplier: () => fromMonth3(infinite()) }],
  ['adLoad', { adLoad: () => fromMonth3(undefinedNumber()) }],
  ['freeCap', { freeCap: () => fromMonth3(undefinedNumber()) }],
  ['freeQuality', { freeQuality: () => fromMonth3(infinite()) }],
  ['hiring', { hiring: () => fromMonth3(infinite()) }],
  ['split', { split: () => fromMonth3(undefinedNumber()) }],
  [
    'rdMix',
    {
      get rdMix() {
        return [num(1), num(1), fromMonth3(infinite())] as const
      },
    },
  ],
  [
    'efficiencyShare',
    {
      get efficiencyShare() {
        return fromMonth3(undefinedNumber())
      },
    },
  ],
  [
    'reservation',
    {
      get reservation() {
        return fromMonth3(infinite().negated())
      },
    },
  ],
  [
    'takeRate',
    {
      get takeRate() {
        return fromMonth3(undefinedNumber())
      },
    },
  ],
  [
    'outShare',
    {
      get outShare() {
        return fromMonth3(infinite())
      },
    },
  ],
]

test.each(broken)(
  '%s that is no finite number is an error that names startup, strategy, action, month and replication',
  (action, actions) => {
    // Traced values exist only while a strategy decides: getters make them then.
    const strategy = faulty([action], () => ({ ...actions }))
    const market = marketWith('hold', {}, 'startups.own.takeRate=0.1')
    for (const backend of ['wasm', 'javascript'] as const) {
      const recorded = recordAll(market, { backend, strategies: [strategy], replications: 2 })
      const marks = new Int32Array(recorded.get('faults fault')!.buffer)
      const { code, path, message } = thrownBy(() => checkActions(market, marks, 40))
      expect([code, path]).toEqual(['non-finite-action', 'startups.own.strategy'])
      expect(message).toBe(
        `strategy hold of own sets ${action} to no finite number in month 3 of replication 40`,
      )
      // And in the kernel the startup went on as by default: nothing undefined reached memory.
      for (const [column, bytes] of recorded) {
        if (
          bytes.length % 8 === 0 &&
          /^(months|plans|decisions) (?!replication|month|startup|plan\b|alive|boom)/.test(column)
        ) {
          const values = new Float64Array(bytes.buffer)
          expect(
            values.every((value) => !Number.isNaN(value)),
            column,
          ).toBe(true)
        }
      }
    }
  },
)

test('the error names the replication in which it happened, and a startup that has failed makes no mistakes', () => {
  const market = marketWith('hold')
  const marks = new Int32Array(3 * market.startups.length)
  expect(() => checkActions(market, marks, 0)).not.toThrow()
  marks[2 * market.startups.length] = 1
  expect(thrownBy(() => checkActions(market, marks, 5)).message).toMatch(/ in month 0 of replication 7$/)
  // brief fails in month 6 or so; what it would do in month 20 is of no consequence.
  const late = faulty(['rd'], () => ({ rd: where(month().toNum().isAtLeast(20), undefinedNumber(), 1) }))
  const afterwards = marketWith('default', {}, 'startups.brief.strategy=hold')
  const recorded = recordAll(afterwards, { backend: 'wasm', strategies: [late] })
  expect(() =>
    checkActions(afterwards, new Int32Array(recorded.get('faults fault')!.buffer), 0),
  ).not.toThrow()
})

test('a run ends with that error', async () => {
  const strategy = { ...faulty(['rd'], () => ({ rd: fromMonth3(infinite()) })), name: 'careless' }
  const run = simulate(marketWith('careless'), { strategies: [strategy], replications: 4 })
  await expect(run).rejects.toMatchObject({ code: 'non-finite-action', path: 'startups.own.strategy' })
})
