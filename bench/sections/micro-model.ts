/** Owns the comparison of the engine with its peers: the same micro-model in each, not recorded and recorded. */

import { measureInterleaved, ratioWithinRounds, type Comparison, type Contender } from '../measure.ts'
import { processContender, surveyPeers } from '../peers/contenders.ts'
import { checkMeasurement, type Measurement, type MicroModelOptions } from '../peers/measurement.ts'
import { inTemporaryFolder, programArguments } from '../programs.ts'
import type { Section, SectionOptions, SectionReport } from '../section.ts'
import { comparisonTable, skippedLines } from '../table.ts'

type MicroContender = Contender<MicroModelOptions, Measurement>

/** Those that would take minutes for what takes others a second do a part of the replications. */
const shares: Readonly<Record<string, number>> = {
  AgentScript: 1 / 50,
  flocc: 1 / 100,
  'trace language, JavaScript': 1 / 5,
  'typed arrays': 1 / 2,
}
const engine = 'trace language'
const baseline = 'C++ -O2'

/** The micro-model in the trace language beside its peers. */
export const microModelSection: Section = {
  name: 'micro-model',
  title: 'The micro-model 8x6x120 beside its peers',
  run: (options) => inTemporaryFolder((folder) => compare(options, folder)),
}

async function compare({ quick, rounds, log }: SectionOptions, folder: string): Promise<SectionReport> {
  const { contenders: found, skipped } = await surveyPeers()
  const peers = found.map(checked)
  // All but the engine keep every row that they record: 43 KB a replication.
  const usual = (record: boolean) => (record ? 8000 : 20_000)
  const measure = (label: string, record: boolean, contenders: readonly MicroContender[], times = rounds) =>
    measureInterleaved(contenders, {
      label,
      rounds: times,
      options: {
        replications: quick ? 400 : usual(record),
        sigma: 0.05,
        record,
        warmupReplications: quick ? 100 : 2000,
      },
      baseline: contenders.some(({ name }) => name === baseline) ? baseline : undefined,
      onRun: (name, round, { agentSteps, cpuSeconds }) =>
        log(`${label}, round ${round + 1}, ${name}: ${(agentSteps / cpuSeconds / 1e6).toFixed(2)}`),
    })
  const own = [entry(engine), entry(`${engine}, JavaScript`, ['--backend', 'javascript'])]
  const recordingOnly = [
    entry(`${engine}, rows kept`, ['--keep', '1']),
    entry(`${engine}, to a file`, ['--file', `${folder}/months.arrow`]),
  ]
  const comparisons = [
    await measure('not recorded', false, [...own, ...peers]),
    await measure('recorded', true, [...own, ...recordingOnly, ...peers]),
  ]
  const inTurns = await measure(
    'cost of recording',
    true,
    [unrecorded(entry('without')), entry('with')],
    quick ? 1 : 2 * rounds,
  )
  const text = [comparisonTable(comparisons), lossLine(inTurns)]
  if (skipped.length > 0) text.push(skippedLines(skipped))
  return { text: text.join('\n\n'), comparisons: [...comparisons, inTurns], skipped }
}

/** The contender without recording, whatever it is told: so that both ways take turns. */
function unrecorded(contender: MicroContender): MicroContender {
  return { name: contender.name, run: (options) => contender.run({ ...options, record: false }) }
}

function lossLine(inTurns: Comparison): string {
  const share = 1 - ratioWithinRounds(inTurns, 'with', 'without')
  return `recording costs the trace language ${(100 * share).toFixed(1)}% of its speed (runs with and without in turns)`
}

function entry(name: string, args: readonly string[] = []): MicroContender {
  return checked(
    processContender(name, process.execPath, [...programArguments('micro-model-entry.ts'), ...args]),
  )
}

/** The contender with its share of the replications, and a check of what it did. */
function checked(contender: MicroContender): MicroContender {
  const { name } = contender
  return {
    name,
    async run(options) {
      const share = (count: number) => Math.max(20, Math.round(count * (shares[name] ?? 1)))
      const replications = share(options.replications)
      const asked = { ...options, replications, warmupReplications: share(options.warmupReplications) }
      const measurement = await contender.run(asked)
      checkMeasurement(measurement, asked, name)
      return measurement
    },
  }
}
