/**
 * Owns the command that measures the engine: `npm run bench`, which prints a table for each question and writes
 * everything that it measured to bench/results/bench.json.
 *
 *   npm run bench -- --only micro-model,flagship --rounds 7
 *   npm run bench -- --quick
 *
 * docs/performance.md says what the tables mean.
 */

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { describeMachine } from './measure.ts'
import { projectRoot, readNumber } from './programs.ts'
import type { Section, SectionReport } from './section.ts'
import { compilationSection } from './sections/compilation.ts'
import { flagshipSection } from './sections/flagship.ts'
import { memorySection } from './sections/memory.ts'
import { microModelSection } from './sections/micro-model.ts'
import { recordingSection } from './sections/recording.ts'
import { studySection } from './sections/study.ts'
import { machineLine } from './table.ts'

const sections: readonly Section[] = [
  microModelSection,
  flagshipSection,
  compilationSection,
  memorySection,
  recordingSection,
  studySection,
]

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: sections.map(({ name }) => name).join(',') },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string', default: join(projectRoot(), 'bench/results/bench.json') },
  },
})
const chosen = values.only.split(',').map((name) => {
  const section = sections.find((candidate) => candidate.name === name)
  if (section !== undefined) return section
  const known = sections.map((candidate) => candidate.name).join(', ')
  console.error(`error[bad-option] --only names '${name}', which is none of ${known}`)
  process.exit(2)
})
const { quick } = values
const rounds = readNumber('rounds', values.rounds ?? (quick ? '1' : '5'), 1)

const machine = await describeMachine()
console.log(machineLine(machine))
if (quick) console.log('a smoke run: figures mean nothing')
const reports: (SectionReport & { name: string; seconds: number })[] = []
for (const { name, title, run } of chosen) {
  const start = performance.now()
  const report = await run({ quick, rounds, log: (line) => console.error(`${name}: ${line}`) })
  reports.push({ name, seconds: Math.round((performance.now() - start) / 1000), ...report })
  console.log(`\n${title}\n\n${report.text}`)
}

const file = resolve(values.json)
const measuredOn = new Date().toISOString().slice(0, 10)
await mkdir(dirname(file), { recursive: true })
await writeFile(file, `${JSON.stringify({ measuredOn, quick, machine, sections: reports }, null, 2)}\n`)
console.error(`all measurements are in ${values.json}`)
