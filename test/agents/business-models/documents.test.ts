/** Owns the check that docs/business-models.md says what the presets say, and that its examples run as printed. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { businessModels } from '../../../agents/business-models/index.ts'
import { businessModelsPage } from '../../../docs/generate-business-models.ts'
import { parseScenario, simulate } from '../../../index.ts'

const page = readFileSync(new URL('../../../docs/business-models.md', import.meta.url), 'utf8')
const library = new URL('../../../index.ts', import.meta.url).href
const folder = mkdtempSync(join(tmpdir(), 'business-models-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The only block of code of a language. */
const block = (language: string): string =>
  new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)![1]!

test('the page is what the presets say of themselves', () => {
  expect(page, 'write it anew with: npx tsx docs/generate-business-models.ts').toBe(businessModelsPage())
})

test('each of the fourteen has a paragraph with how it earns, costs, breaks, and its source', () => {
  const paragraphs = page.split(/^### /m).slice(1)
  expect(paragraphs).toHaveLength(14)
  paragraphs.forEach((paragraph, index) => {
    expect(paragraph).toContain(`${index + 1}. ${businessModels[index]!.title}\n`)
    for (const part of ['Earns', 'Costs', 'Breaks', 'Source']) expect(paragraph).toContain(`**${part}**: `)
  })
})

test('every source that a preset names is in the list of sources', () => {
  const named = [
    ...page.matchAll(/\b([A-Z][a-z]+)(?:'s)? (?:and [A-Z][a-z]+ |and [A-Z][a-z]+'s )?\((\d{4})\)/g),
  ]
  expect(named.length).toBeGreaterThan(20)
  const sources = page.slice(page.indexOf('## Sources'))
  for (const [, author, year] of named)
    expect(sources, `${author} ${year}`).toMatch(new RegExp(`^- .*\\b${author}\\b.*\\(${year}\\)`, 'm'))
})

test('a scenario with plans of its own and no business model is simulated as printed', async () => {
  const { summary } = await simulate(parseScenario(block('yaml')), { replications: 8, workers: 0 })
  expect(summary.startups.map(({ id, businessModel }) => [id, businessModel])).toEqual([
    ['credits', 'none'],
    ['subscription', 'subscription'],
  ])
  expect(summary.startups[0]!.paidUsers).toBeGreaterThan(0)
})

test('a fifteenth business model, written outside the project in 20 lines, is simulated as printed', () => {
  const program = block('ts')
  expect(program.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(20)
  const file = join(folder, 'market.mts')
  writeFileSync(file, program.replace("'rivalry'", JSON.stringify(library)))
  const tsx = import.meta.resolve('tsx')
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', tsx, file], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^Large-model market: 96 months, 100 replications, seed 1\n/)
  expect(stdout).toMatch(/^api +\d+% /m)
})
