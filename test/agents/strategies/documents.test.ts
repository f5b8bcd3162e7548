/**
 * Owns the check that docs/strategies.md says what is so: its strategy works as printed, its tables are the
 * code's.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { strategies } from '../../../agents/strategies/index.ts'
import { loadScenario, parseScenario, simulate } from '../../../index.ts'
import { playMonths } from './strategic-run.ts'
import { marketWith, smallMarket } from './small-market.ts'
import { winterThrift } from './winter-thrift.ts'

const page = readFileSync(new URL('../../../docs/strategies.md', import.meta.url), 'utf8')

/** The blocks of code of a language, in order. */
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text]) => text!)

test('the example is the tested file, seen from the folder of strategies, and has 20 lines', () => {
  const file = readFileSync(new URL('winter-thrift.ts', import.meta.url), 'utf8')
  const [, ...source] = file.replaceAll("'../../../", "'../../").split('\n')
  expect(blocks('ts')[0]).toBe(source.join('\n'))
  expect(source.filter((line) => line !== '').length).toBeLessThanOrEqual(20)
})

test('in a winter the example halves marketing and asks a tenth more, and in a boom it does nothing', () => {
  const climate = (boom: boolean, strategy: string) => {
    const set = boom ? [] : ['parameters.startInBoom=0', 'parameters.winterToBoom=0']
    return playMonths(strategy === 'default' ? smallMarket(...set) : marketWith(strategy, {}, ...set), {
      strategies: [winterThrift],
    })
  }
  const [winter, usual] = [climate(false, 'winter-thrift'), climate(false, 'default')]
  expect(winter[0]!.marketing[0]).toBe(usual[0]!.marketing[0]! / 2)
  for (const { multiplier } of winter) expect(multiplier.slice(0, 3)).toEqual([1, 1.1, 1.1])
  const [boom, plain] = [climate(true, 'winter-thrift'), climate(true, 'default')]
  expect(boom).toEqual(plain)
})

test("a program of one's own runs it as printed", async () => {
  expect(blocks('ts')[1]).toBe(
    "const market = loadScenario('three-ways', { set: ['startups.subscription.strategy=winter-thrift'] })\nconst { summary } = await simulate(market, { strategies: [winterThrift] })\n",
  )
  const market = loadScenario('three-ways', {
    set: ['startups.subscription.strategy=winter-thrift', 'months=24'],
  })
  const { summary } = await simulate(market, { strategies: [winterThrift], replications: 8 })
  expect(summary.startups.map(({ id }) => id)).toContain('subscription')
})

test('scenarios may name strategies as printed', () => {
  const [named, freeFirst] = blocks('yaml')
  const segments = 'segments: { consumer: { kind: consumer }, smb: { kind: smallBusiness } }\n'
  expect(parseScenario(segments + named!).startups[0]!.strategy).toEqual({
    name: 'undercut',
    settings: { by: 0.1 },
  })
  const [startup] = parseScenario(`${segments}startups:\n${freeFirst!}`).startups
  expect(startup!.strategy).toEqual({ name: 'free-first', settings: { months: 12 } })
  expect(startup!.plans.map(({ id, opens }) => [id, opens])).toEqual([
    ['free', 0],
    ['personal', 12],
    ['business', 12],
  ])
})

test('the tables list every strategy and setting with its default and bounds', () => {
  const rows = page.split('\n').filter((line) => /^\| `[a-z-]+` \|/.test(line))
  const packaged = strategies.flatMap(
    ({ name, meaning, acts }) => `| \`${name}\` | ${meaning} | ${acts.join(', ')} |`,
  )
  const settings = strategies.flatMap(({ name, settings: declared }) =>
    Object.entries(declared).map(
      ([key, s]) =>
        `| \`${name}\` | \`${key}\` | ${s.default} | ${s.unit} | ${s.low} to ${s.high} | ${s.meaning} |`,
    ),
  )
  expect(rows.filter((row) => strategies.some(({ name }) => row.startsWith(`| \`${name}\``)))).toEqual([
    ...packaged,
    ...settings,
  ])
})
