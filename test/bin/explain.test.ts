/** Owns `rivalry explain`: what it prints of a scenario, and that its equations are those of docs/model.md. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { explanationOf, type Explanation } from '../../bin/explanation.ts'
import { WIDTH, explanationText } from '../../bin/explanation-text.ts'
import { strategies } from '../../agents/strategies/index.ts'
import { equations, letters } from '../../engine/market/equations.ts'
import { mechanismNames } from '../../engine/market/mechanisms.ts'
import { parameterNames } from '../../engine/market/parameters.ts'
import { filledModel } from '../../docs/fill-model.ts'
import { listScenarios, loadScenario } from '../../scenarios/index.ts'
import { rivalry } from './command.ts'

const explain = (scenario: string, ...set: string[]): Explanation =>
  explanationOf(loadScenario(scenario, { set, strategies }), strategies)
const namesOf = ({ equations: found }: Explanation): string[] => found.map(({ name }) => name)
const linesOf = (name: string): readonly string[] => equations.find((one) => one.name === name)!.lines
const changedIn = ({ parameters }: Explanation): string[] =>
  parameters.filter(({ changed }) => changed).map(({ name }) => name)

/** What a mechanism needs in a scenario that lacks it. */
const SWITCHES: Readonly<Record<string, string>> = {
  trust: 'parameters.trustWeight=1',
  tax: 'parameters.profitTax=.2',
  credit: 'segments.finance.paymentDelay=2',
  openings: 'startups.freemium.plans.personal.opens=6',
  efficiency: 'startups.free-ads.efficiencyShare=.3',
  entry: 'startups.api.entry=12',
  compliance: 'segments.finance.compliance=1000',
  pricing: 'startups.subscription.strategy=undercut',
}

describe('the flagship', () => {
  const flagship = explain('large-model-market')
  const text = explanationText(flagship)

  test('shows every parameter, segment, startup and plan', () => {
    expect(flagship.parameters.map(({ name }) => name)).toEqual(parameterNames)
    for (const name of parameterNames)
      expect(
        text.some((line) => line.startsWith(`  ${name} `)),
        name,
      ).toBe(true)
    for (const { id, plans } of flagship.startups)
      for (const plan of plans)
        expect(
          text.some((line) => line.startsWith(`  ${id}/${plan.id} `)),
          plan.id,
        ).toBe(true)
    expect(flagship.segments).toHaveLength(6)
  })

  test('has the equations of what it uses, line by line, and of nothing else', () => {
    expect(namesOf(flagship)).toEqual(expect.arrayContaining(['utility', 'ads', 'labour', 'third-parties']))
    for (const { lines } of flagship.equations)
      for (const line of lines) expect(text).toContain(`    ${line}`)
    for (const off of ['trust', 'tax', 'credit', 'licences', 'efficiency', 'closed-plans', 'prices-set'])
      expect(namesOf(flagship)).not.toContain(off)
  })

  test.each(Object.entries(SWITCHES))(
    'prints no equation of %s until %s brings it in',
    (mechanism, setting) => {
      const own = equations.filter((equation) => equation.mechanism === mechanism)
      expect(own.length).toBeGreaterThan(0)
      const with_ = explain('large-model-market', setting)
      for (const { name, lines } of own) {
        expect(namesOf(flagship)).not.toContain(name)
        expect(namesOf(with_)).toContain(name)
        for (const line of lines) expect(text).not.toContain(`    ${line}`)
      }
      expect(with_.mechanisms.inForce.map(({ name }) => name)).toContain(mechanism)
      expect(flagship.mechanisms.leftOut.map(({ name }) => name)).toContain(mechanism)
    },
  )

  test('marks what is not the default, and what is implausible', () => {
    const [usual, other] = ['.03', '.5'].map((value) =>
      explain('large-model-market', `parameters.computePrice=${value}`),
    )
    expect(changedIn(usual!)).not.toContain('computePrice')
    expect(changedIn(other!)).toEqual([...changedIn(usual!), 'computePrice'].toSorted(byOrder))
    const row = explanationText(other!).find((line) => line.startsWith('  computePrice '))
    expect(row).toMatch(/ 0\.5\*! +0\.03 +0\.003 to 0\.09 +currency a request$/)
  })
})

describe('shocks', () => {
  const market = loadScenario('large-model-market', { strategies })
  const usual = { month: 24, chance: null, size: 3, duration: 12, segment: null, startup: null }
  const shaken = (change: object): Explanation =>
    explanationOf(
      { ...market, shocks: [{ ...usual, id: 'chips', kind: 'computePrice', ...change }] },
      strategies,
    )

  test('are listed with what they do, and bring in the equations of shocks', () => {
    const explanation = shaken({})
    expect(namesOf(explanation)).toEqual(expect.arrayContaining(['shock-months', 'shock-effects']))
    for (const off of ['shock-chances', 'shock-draws', 'outages'])
      expect(namesOf(explanation)).not.toContain(off)
    const lines = explanationText(explanation)
    expect(
      lines.some((line) => /^ {2}chips: computePrice; month 24, .*size 3, duration 12; factor/.test(line)),
    ).toBe(true)
  })

  test('that begin at random bring in their chances', () => {
    expect(namesOf(shaken({ chance: 0.1 }))).toContain('shock-chances')
  })
})

const byOrder = (a: string, b: string): number =>
  parameterNames.indexOf(a as never) - parameterNames.indexOf(b as never)

describe('the duopoly', () => {
  const duopoly = explain('duopoly')

  test('counts expected customers in unrounded books, so nothing is drawn or rounded', () => {
    const names = namesOf(duopoly)
    for (const off of ['individual', 'rounded', 'potential-whole', 'cents']) expect(names).not.toContain(off)
    expect(names).toContain('potential')
    expect(duopoly.mechanisms.inForce.map(({ name }) => name)).toEqual(['expectedCustomers'])
  })

  test('has changed what switches the rest of the month off', () => {
    expect(changedIn(duopoly)).toEqual(expect.arrayContaining(['tasteSd', 'abilitySd', 'qualityDecay']))
  })
})

describe('every packaged scenario', () => {
  test.each(listScenarios().map(({ name }) => name))('%s is explained within the width of a page', (name) => {
    const explanation = explain(name)
    const wide = explanationText(explanation).filter((line) => line.length > WIDTH)
    // A single word, such as a list of plans without spaces, cannot be broken.
    expect(wide).toEqual([])
    const { inForce, leftOut } = explanation.mechanisms
    expect([...inForce, ...leftOut].map((one) => one.name).toSorted()).toEqual([...mechanismNames].toSorted())
  })
})

describe('docs/model.md', () => {
  const page = readFileSync(new URL('../../docs/model.md', import.meta.url), 'utf8')

  test('shows every equation as it stands in the list', () => {
    expect(page, 'fill it anew with: npx tsx docs/fill-model.ts').toBe(filledModel(page))
    for (const { name, lines } of equations) expect(page, name).toContain(`${lines.join('\n')}\n`)
    for (const line of letters) expect(page).toContain(line)
  })

  test('has no block of equations beside those', () => {
    const unmarked = page.replace(/<!-- equations [\s\S]*?<!-- end -->/g, '')
    expect([...unmarked.matchAll(/^ {4}\S.*'? = .*$/gm)].map(([line]) => line)).toEqual([])
  })
})

describe('the command', () => {
  test('prints text, and JSON with --json', async () => {
    const [text, json] = await Promise.all([
      rivalry('explain', 'duopoly'),
      rivalry('explain', 'duopoly', '--json', '--set', 'months=12'),
    ])
    expect(text).toMatchObject({ code: 0, stderr: '' })
    expect(text.stdout).toBe(
      explanationText(explain('duopoly'))
        .map((line) => `${line}\n`)
        .join(''),
    )
    expect(JSON.parse(json.stdout)).toEqual(JSON.parse(JSON.stringify(explain('duopoly', 'months=12'))))
  })

  test('says where a mistake is, as all commands do', async () => {
    const [missing, setting] = await Promise.all([
      rivalry('explain', 'no-such-market'),
      rivalry('explain', 'duopoly', '--set', 'parameters.nest=7'),
    ])
    expect(missing.code).toBe(2)
    expect(missing.stderr).toMatch(/^error\[[\w-]+\] .*no-such-market/)
    expect(setting.code).toBe(2)
    expect(setting.stderr).toMatch(/^error\[[\w-]+\] .*nest/)
    expect(setting.stdout).toBe('')
  })

  test('--help shows examples', async () => {
    const { code, stdout } = await rivalry('explain', '--help')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Examples:\n {2}rivalry explain large-model-market/)
  })
})

test('the lines of an equation are told apart from their neighbours', () => {
  expect(linesOf('shares')).toEqual(['P_fsh    = A_fs W_fsh / (D_sh + (1 - A_fs) W_fsh)'])
})
