/**
 * Prints the tables of docs/cases.md: what becomes of the cases, of A and B with each weakness mended alone, in pairs
 * and all together, of X and Y at other prices, and of the others with one figure changed. Run as `npx tsx docs/case-figures.ts`; a number sets the
 * replications, 1000 otherwise.
 */
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { type StartupSummary, simulate } from '../engine/run/index.ts'
import { loadScenario } from '../scenarios/index.ts'

/** A company that fails, and settings that mend each of its weaknesses, as for `--set`. */
export interface Weak {
  /** Id of the startup; its scenario is `cases/` and the id. */
  readonly company: string
  readonly mends: Readonly<Record<string, readonly string[]>>
}

const ownAs = (company: string, figures: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(figures).map(([name, value]) => `startups.${company}.${name}=${JSON.stringify(value)}`)

/** The two companies that fail: three weaknesses each, and what a company without them would have. */
export const weak: readonly Weak[] = [
  {
    company: 'company-a',
    mends: {
      'R&D': ownAs('company-a', { rd: 220_000, rdShare: 0.15 }),
      focus: ownAs('company-a', {
        split: { finance: 0.5, retail: 0.5 },
        fit: { finance: 0.1, retail: 0.1 },
        learnE: 1,
      }),
      cash: ownAs('company-a', { cash: 6_000_000 }),
    },
  },
  {
    company: 'company-b',
    mends: {
      differentiation: ownAs('company-b', { fit: { finance: 0.2, retail: 0.2 }, learnE: 1 }),
      marketing: ownAs('company-b', { marketing: 100_000, marketingShare: 0.2 }),
      cash: ownAs('company-b', { cash: 6_000_000 }),
    },
  },
]

/** Every set of a company's mends, from none to all. */
export function mendedSets({ mends }: Weak): string[][] {
  const names = Object.keys(mends)
  const sets = names.reduce<string[][]>(
    (known, name) => [...known, ...known.map((set) => [...set, name])],
    [[]],
  )
  return sets.sort((a, b) => a.length - b.length)
}

/** How a market is changed and how often it is simulated. */
export interface Study {
  readonly set?: readonly string[]
  readonly replications: number
}

/** What becomes of the startups of a packaged scenario, by id. The seed is 1. */
export async function outcomes(
  scenario: string,
  { set = [], replications }: Study,
): Promise<Readonly<Record<string, StartupSummary>>> {
  const { summary } = await simulate(loadScenario(scenario, { set }), { replications, seed: '1', workers: 0 })
  return Object.fromEntries(summary.startups.map((startup) => [startup.id, startup]))
}

/** What becomes of a weak company with some of its weaknesses mended, in its own scenario or another one. */
export async function mended(
  { company, mends }: Weak,
  names: readonly string[],
  { scenario = `cases/${company}`, replications }: { scenario?: string; replications: number },
): Promise<StartupSummary> {
  const startups = await outcomes(scenario, { set: names.flatMap((name) => mends[name]!), replications })
  return startups[company]!
}

/** Two decimals, which say 0 and 1 only of what is exactly that. */
function percent(share: number): string {
  if (share > 0 && share < 0.005) return '<0.01'
  if (share < 1 && share >= 0.995) return '>0.99'
  return share.toFixed(2)
}
const interval = ({ share, low, high }: { share: number; low: number; high: number }): string =>
  `${percent(share)} [${percent(low)}, ${percent(high)}]`
const millions = (amount: number): string => (amount / 1e6).toFixed(1)

const OUTCOMES = [
  'alive at the end [95%]',
  'profit, m: median [10%, 90%]',
  'profit > 0 [95%]',
  'profitability',
  'user value',
]

/** What became of a startup, under `OUTCOMES`. Its sustainability is the share alive at the end. */
function outcomeCells({ survivalAtEnd, profit, health }: StartupSummary): string[] {
  const spread = `${millions(profit.median)} [${millions(profit.low10)}, ${millions(profit.high90)}]`
  const principles = [health.profitability, health.userValue].map(percent)
  return [interval(survivalAtEnd), spread, interval(profit.positive), ...principles]
}

/** The scenarios of the first table, and whose outcome each is about: all startups where none is named. */
export const cases: Readonly<Record<string, readonly string[]>> = {
  'cases/company-x': ['company-x'],
  'cases/company-y': ['company-y'],
  'cases/company-a': ['company-a'],
  'cases/company-b': ['company-b'],
  'cases/four-companies': ['company-x', 'company-y', 'company-a', 'company-b'],
  'cases/messaging': [],
  'cases/search': [],
  'cases/free-transport': [],
  'cases/streaming': [],
  sectors: [],
}

/** Prices a month at which X and Y are tried; theirs are 11,700 and 9,750. */
export const prices: Readonly<Record<string, readonly number[]>> = {
  'company-x': [5000, 6000, 7000, 8000, 9000, 10_000, 11_700, 13_500, 16_000],
  'company-y': [4500, 5500, 6500, 8000, 9750, 11_500, 14_000],
}

/** One figure of a case changed, to see what its outcome hangs on. */
export interface Driver {
  readonly scenario: string
  readonly startup: string
  /** In words. */
  readonly change: string
  readonly set: readonly string[]
}

const allOf = (startup: string, figures: Readonly<Record<string, number>>): string[] =>
  Object.entries(figures).map(([name, value]) => `startups.${startup}.${name}=${value}`)

/** What is changed in the cases of other times and in the sectors. */
export const drivers: readonly Driver[] = [
  ...[
    { change: 'no value-added services', set: ['startups.messenger.plans.services.opens=96'] },
    { change: 'no network effect', set: ['segments.people.nu=0'] },
    { change: 'a network effect of 2 utils, not 6', set: ['segments.people.nu=2'] },
    { change: 'a message costs ten times as much', set: ['parameters.computePrice=0.0013'] },
    { change: 'a hundred times', set: ['parameters.computePrice=0.013'] },
    { change: 'the free copy is there from the start', set: ['startups.copy.plans.free.opens=0'] },
  ].map((driver) => ({ scenario: 'cases/messaging', startup: 'messenger', ...driver })),
  ...[
    { change: 'no network effect', set: ['segments.people.nu=0'] },
    { change: 'a search costs ten times as much', set: ['parameters.computePrice=0.014'] },
    { change: 'advertisements bring a tenth', set: ['parameters.revenuePerThousandAds=1.08'] },
    { change: 'people mind prices as consumers of large models do', set: ['segments.people.alpha=0.3'] },
  ].map((driver) => ({ scenario: 'cases/search', startup: 'engine', ...driver })),
  ...[
    { change: 'four times the cash', set: ['startups.free-rides.cash=8e7'] },
    { change: 'a network effect of 6 utils', set: ['segments.riders.nu=6'] },
    { change: 'a ride costs a hundredth', set: ['parameters.computePrice=0.0026'] },
    { change: 'advertisements bring ten times as much', set: ['parameters.revenuePerThousandAds=77'] },
    { change: 'fifty times, .39 a ride', set: ['parameters.revenuePerThousandAds=385'] },
  ].map((driver) => ({ scenario: 'cases/free-transport', startup: 'free-rides', ...driver })),
  ...[
    { change: 'no recommendation', set: ['startups.recommends.plans.monthly.sigmaAdded=0'] },
    { change: 'owners of films get .65', set: ['startups.recommends.outShare=0.65'] },
    {
      change: 'R&D and marketing of .45 of gross profit each, as Spotify',
      set: allOf('recommends', { rdShare: 0.45, marketingShare: 0.45 }),
    },
  ].map((driver) => ({ scenario: 'cases/streaming', startup: 'recommends', ...driver })),
  ...['embedded', 'solutions', 'data-platform'].map((startup) => ({
    scenario: 'sectors',
    startup,
    change: 'nobody knows the incumbent',
    set: allOf('incumbent', { awarenessTargeted: 0, marketing: 0, marketingShare: 0 }),
  })),
]

const say = (cells: readonly string[]): void => void process.stdout.write(`| ${cells.join(' | ')} |\n`)

/** The first two lines of a table. */
function sayHeads(heads: readonly string[]): void {
  say(heads)
  process.stdout.write(`|${heads.map(() => '---').join('|')}|\n`)
}

async function printCases(replications: number): Promise<void> {
  sayHeads(['scenario', 'startup', ...OUTCOMES])
  for (const [scenario, ids] of Object.entries(cases)) {
    const startups = await outcomes(scenario, { replications })
    const shown = Object.values(startups).filter(({ id }) => ids.length === 0 || ids.includes(id))
    for (const startup of shown) say([`\`${scenario}\``, startup.id, ...outcomeCells(startup)])
  }
}

async function printMends(replications: number): Promise<void> {
  sayHeads([
    'company',
    'mended',
    'alive, against rivals alone',
    'alive, beside X and Y',
    'mean profit, m',
    'profit > 0',
  ])
  for (const company of weak)
    for (const names of mendedSets(company)) {
      const alone = await mended(company, names, { replications })
      const beside = await mended(company, names, { scenario: 'cases/four-companies', replications })
      const { mean, positive } = beside.profit
      const alive = [alone, beside].map(({ survivalAtEnd }) => interval(survivalAtEnd))
      say([company.company, names.join(' + ') || 'nothing', ...alive, millions(mean), interval(positive)])
    }
}

async function printPrices(replications: number): Promise<void> {
  sayHeads(['company', 'price', ...OUTCOMES])
  for (const [company, tried] of Object.entries(prices))
    for (const price of tried) {
      const set = [`startups.${company}.plans.project.price=${price}`]
      const startups = await outcomes(`cases/${company}`, { set, replications })
      say([company, price.toLocaleString('en-GB'), ...outcomeCells(startups[company]!)])
    }
}

async function printDrivers(replications: number): Promise<void> {
  sayHeads(['scenario', 'startup', 'change', ...OUTCOMES])
  for (const { scenario, startup, change, set } of drivers) {
    const startups = await outcomes(scenario, { set, replications })
    say([`\`${scenario}\``, startup, change, ...outcomeCells(startups[startup]!)])
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const replications = Number(argv[2] ?? 1000)
  for (const print of [printCases, printMends, printPrices, printDrivers]) {
    await print(replications)
    process.stdout.write('\n')
  }
}
