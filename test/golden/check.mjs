/**
 * Compares the built program with the committed digests, without a test runner, so that any Node can do it:
 * `node --import tsx test/golden/check.mjs` after a build. Every golden run is made twice, by WebAssembly on threads and by
 * JavaScript in one, in batches of other sizes: all must leave the same bytes. The last line counts.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { loadScenario, simulate } from '../../dist/index.js'
import { goldenRuns } from './runs.ts'

/** Ways to compute that must not change a byte. */
const WAYS = {
  'wasm, two threads': { backend: 'wasm', workers: 2, batch: 4 },
  'javascript, no thread': { backend: 'javascript', workers: 0, batch: 12 },
}

const committed = JSON.parse(readFileSync(new URL('digests.json', import.meta.url), 'utf8'))
let passed = 0
let failed = 0
for (const [name, { scenario = 'three-ways', set = [], ...choices }] of Object.entries(goldenRuns)) {
  for (const [way, options] of Object.entries(WAYS)) {
    const folder = mkdtempSync(join(tmpdir(), 'rivalry-golden-'))
    try {
      const market = loadScenario(scenario, { set })
      const { manifest } = await simulate(market, { ...choices, ...options, folder: join(folder, 'out') })
      const found = Object.fromEntries(manifest.files.map(({ name: file, sha256 }) => [file, sha256]))
      report(`${name} (${way})`, differences(committed[name] ?? {}, found))
    } catch (error) {
      report(`${name} (${way})`, [String(error instanceof Error ? error.stack : error)])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
console.log(`Node ${process.version}: ${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** What differs between the files expected and found, by name. */
function differences(expected, found) {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])].toSorted()
  return names.filter((name) => expected[name] !== found[name]).map((name) => `${name}: ${expected[name]} became ${found[name]}`)
}

function report(name, problems) {
  if (problems.length === 0) passed++
  else failed++
  console.log(`${problems.length === 0 ? 'ok' : 'not ok'}  ${name}`)
  for (const problem of problems) console.log(`        ${problem}`)
}
