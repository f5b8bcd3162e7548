/** Owns how code size and the time to compile grow with the market: they should not. */

import type { CompilationMeasurement } from '../compilation-entry.ts'
import { runProgram } from '../programs.ts'
import type { Section } from '../section.ts'
import { formatTable } from '../table.ts'

/** Flags with which a module is compiled by the optimising compiler, whole, when it is made. */
const compileAtOnce = ['--no-liftoff', '--no-wasm-lazy-compilation', '--no-wasm-native-module-cache-enabled']

const startupCounts = [2, 4, 8, 16, 24, 48]
const segmentCounts = [1, 3, 12, 24]
/** The flagship's own size, from which one of the two is varied. */
const usual = { startups: 8, segments: 6 }

/** Code size, trace and compile time against the number of startups and of segments. */
export const compilationSection: Section = {
  name: 'compilation',
  title: 'Code size and compilation against the size of the market',
  async run({ quick, log }) {
    const sizes = quick
      ? [
          { ...usual, startups: 2 },
          { startups: 48, segments: 24 },
        ]
      : [
          ...startupCounts.map((startups) => ({ ...usual, startups })),
          ...segmentCounts.map((segments) => ({ ...usual, segments })),
          { startups: 48, segments: 24 },
        ]
    const measurements: CompilationMeasurement[] = []
    for (const size of sizes) {
      const options = { ...size, repeats: quick ? 1 : 5, replications: quick ? 8 : 100 }
      log(`${size.startups} startups, ${size.segments} segments`)
      measurements.push(await runProgram('compilation-entry.ts', options, compileAtOnce))
    }
    const columns = [
      'startups',
      'segments',
      'offers',
      'code bytes',
      'trace ms',
      'emit ms',
      'compile ms',
      'state KiB',
      'ns a startup-month',
    ].map((header) => ({ header, align: 'right' as const }))
    const rows = measurements.map((size) => [
      ...[size.startups, size.segments, size.offers, size.codeBytes].map(String),
      ...[size.traceMilliseconds, size.emitMilliseconds, size.compileMilliseconds].map((ms) => ms.toFixed(0)),
      (size.blockBytes / 1024).toFixed(1),
      size.nanoseconds.toFixed(0),
    ])
    const caption =
      'CPU times of one market in expected demography; code: WebAssembly; state: of four replications'
    return { text: `${caption}\n\n${formatTable(columns, rows)}`, measurements }
  },
}
