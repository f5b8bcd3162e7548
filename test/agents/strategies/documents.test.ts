/**
 * Owns the check that docs/strategies.md says what is so: its strategy works as printed, its tables are the
 * code's.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { strategies } from '../../../agents/strategies/index.ts'
import { actionNames } from '../../../engine/market/actions.ts'
import { loadScenario, parseScenario, simulate } from '../../../index.ts'
import { chargeAtScale } from './charge-at-scale.ts'
import { playMonths } from './strategic-run.ts'
import { marketWith, smallMarket } from './small-market.ts'
import { upMarket } from './up-market.ts'
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

test("a program of one's own hands it over as printed; test/end-to-end runs the printed program", async () => {
  expect(blocks('ts')[2]).toContain(
    "const market = loadScenario('three-ways', { set: ['startups.subscription.strategy=winter-thrift'] })\nconst { summary } = await simulate(market, { strategies: [winterThrift] })\n",
  )
  const market = loadScenario('three-ways', {
    set: ['startups.subscription.strategy=winter-thrift', 'months=24'],
  })
  const { summary } = await simulate(market, { strategies: [winterThrift], replications: 8 })
  expect(summary.startups.map(({ id }) => id)).toContain('subscription')
})

test('the second example is its file, and sells only plans from 20 up', () => {
  const file = readFileSync(new URL('up-market.ts', import.meta.url), 'utf8')
  expect(blocks('ts')[3]).toBe(file.replaceAll("'../../../", "'../../").split('\n').slice(1).join('\n'))
  for (const { open, segmentCost } of playMonths(marketWith('up-market'), { strategies: [upMarket] })) {
    // Of the free, the monthly (14) and the yearly plan (40) only the last, which firms are offered.
    expect(open.slice(0, 3)).toEqual([0, 0, 1])
    expect(segmentCost[0]).toBe(10_000)
  }
})

test('the plain example is its file, and charges later than at once', async () => {
  const file = readFileSync(new URL('charge-at-scale.ts', import.meta.url), 'utf8')
  expect(blocks('ts')[4]).toBe(
    file.replaceAll("'../../../index.ts'", "'rivalry'").split('\n').slice(1).join('\n'),
  )
  const run = async (strategy: string) => {
    const set = [`startups.freemium.strategy=${strategy}`, 'months=24']
    const options = { plainStrategies: [chargeAtScale], replications: 8 }
    return (await simulate(loadScenario('three-ways', { set }), options)).summary.startups
  }
  expect(await run('charge-at-scale')).not.toEqual(await run('default'))
})

test('the table of actions lists every action', () => {
  const listed = [...page.matchAll(/^\| ((?:`\w+(?:\(\w+\))?`(?:, )?)+) \|[^|]*\|[^|]*\|[^|]*\|$/gm)]
  const names = listed.flatMap(([, cell]) => [...cell!.matchAll(/`(\w+)/g)].map(([, name]) => name!))
  expect(names.sort()).toEqual([...actionNames].sort())
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
    ['personal', 0],
    ['business', 0],
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
