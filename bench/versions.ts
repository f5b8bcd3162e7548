/**
 * Owns the comparison of two versions of the kernel: both simulate the flagship in turns within one process, a few
 * replications at a time, so that what else the machine does falls on both alike. Low quantiles tell differences of half a
 * percent apart, which separate runs do not.
 *
 *   git worktree add ../before HEAD~1 && ln -s "$PWD/node_modules" ../before/node_modules
 *   npx tsx bench/versions.ts expected 30 ../before .
 */
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Demography } from '../engine/market/definition.ts'
import type * as market from '../engine/market/market.ts'
import type * as seeds from '../engine/numerics/seed.ts'
import type * as instances from '../engine/simulation/instance.ts'
import type * as scenarios from '../scenarios/index.ts'
import { formatTable } from './table.ts'

const scenario = 'large-model-market'
/** Replications of a turn: some milliseconds. */
const TURN = 20
/** Replications before the clock starts, for V8 to compile. */
const WARMUP = 400

const [demography = 'expected', seconds = '20', ...folders] = process.argv.slice(2)
if (folders.length === 0 || !['expected', 'integer'].includes(demography) || !(Number(seconds) > 0)) {
  console.error('usage: npx tsx bench/versions.ts expected|integer SECONDS FOLDER...')
  process.exit(2)
}

/** What is timed of one version. */
interface Version {
  readonly folder: string
  readonly startupMonths: number
  readonly run: () => void
  readonly nanoseconds: number[]
}

const versions: Version[] = []
for (const folder of folders) versions.push(await versionIn(folder, demography as Demography))
const end = performance.now() + Number(seconds) * 1000
while (performance.now() < end) {
  for (const { run, nanoseconds, startupMonths } of versions) {
    const start = process.hrtime.bigint()
    run()
    nanoseconds.push(Number(process.hrtime.bigint() - start) / startupMonths)
  }
}
const first = quantile(versions[0]!, 0.02)
console.log(`${scenario}, ${demography}: nanoseconds a startup-month, quantiles over turns\n`)
console.log(
  formatTable(
    [
      { header: 'version', align: 'left' },
      ...['least', '2%', '10%', 'median', '2% over the first'].map((header) => ({
        header,
        align: 'right' as const,
      })),
    ],
    versions.map((version) => [
      version.folder,
      ...[0, 0.02, 0.1, 0.5].map((share) => quantile(version, share).toFixed(1)),
      `${((quantile(version, 0.02) / first - 1) * 100).toFixed(1)}%`,
    ]),
  ),
)

/** The kernel of the sources in a folder, warmed up. */
async function versionIn(folder: string, given: Demography): Promise<Version> {
  const load = async <Module>(file: string): Promise<Module> =>
    (await import(pathToFileURL(join(resolve(folder), file)).href)) as Module
  const { loadScenario } = await load<typeof scenarios>('scenarios/index.ts')
  const { compileMarket } = await load<typeof market>('engine/market/market.ts')
  const { seedKeyOf } = await load<typeof seeds>('engine/numerics/seed.ts')
  const { Instance } = await load<typeof instances>('engine/simulation/instance.ts')
  const definition = loadScenario(scenario, { set: [`demography=${given}`] })
  const { program, structure, values } = compileMarket(definition, { recording: 'summary' })
  const { months, startups } = definition
  const instance = new Instance(program, structure, {
    backend: 'wasm',
    months,
    key: seedKeyOf('1'),
    rows: WARMUP,
  })
  instance.setPoint(values)
  instance.runReplications({ first: 0, count: WARMUP })
  return {
    folder,
    startupMonths: TURN * months * startups.length,
    run: () => instance.runReplications({ first: 40, count: TURN }),
    nanoseconds: [],
  }
}

function quantile({ nanoseconds }: Version, share: number): number {
  const sorted = nanoseconds.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * share)]!
}
