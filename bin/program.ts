/** The commands, and how they end. */
import { Command, CommanderError } from 'commander'
import { fileError } from '../engine/files/file-error.ts'
import { abortUnfinished } from '../engine/files/unfinished.ts'
import { engineVersion } from '../index.ts'
import { addDoctor } from './doctor.ts'
import { addExplain } from './explain.ts'
import { failureOf } from './failure.ts'
import { addMerge } from './merge.ts'
import { addMetrics } from './metrics.ts'
import { addRun } from './run.ts'
import { addScenarios } from './scenarios.ts'
import { addStudyStatus } from './study-status.ts'
import { addStudy } from './study.ts'
import { addWorker } from './worker.ts'

/** Runs the command line of `args`, without node and script, and sets the exit code of the process. */
export async function main(args: readonly string[]): Promise<void> {
  const verbose = args.includes('--verbose')
  watchOutputs(verbose)
  const program = createProgram()
  if (args.length === 0) return program.outputHelp()
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    // Help and version were printed and end the program as errors do.
    if (error instanceof CommanderError && error.exitCode === 0) return
    const { text, exitCode } = failureOf(error, { verbose })
    process.stderr.write(text)
    process.exitCode = exitCode
  }
}

let areOutputsWatched = false

/** What happens when nobody reads what is printed, or it cannot be written; that is found out after printing it. */
function watchOutputs(verbose: boolean): void {
  if (areOutputsWatched) return
  areOutputsWatched = true
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    abortUnfinished()
    // Whoever reads our output may have seen enough.
    if (error.code === 'EPIPE') process.exit(0)
    const { text, exitCode } = failureOf(fileError(error, 'the standard output'), { verbose })
    process.stderr.write(text)
    process.exit(exitCode)
  })
  // A run does not end because nobody sees how far it is.
  process.stderr.on('error', () => undefined)
}

function createProgram(): Command {
  const program = new Command('rivalry')
    .description('Agent-based market simulation: which business model wins, where, and when?')
    .version(engineVersion)
    .option('--verbose', 'show where errors come from')
    .exitOverride()
    // Errors are printed in one place and one form.
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      `
Examples:
  rivalry scenarios
  rivalry run large-model-market
  rivalry run three-ways --replications 2000 --out out/three-ways
  rivalry study freemium-or-subscription --out out/freemium
  rivalry doctor`,
    )
  for (const add of [
    addRun,
    addStudy,
    addStudyStatus,
    addMerge,
    addMetrics,
    addScenarios,
    addExplain,
    addDoctor,
    addWorker,
  ])
    add(program)
  for (const command of program.commands) command.option('--verbose', 'show where errors come from')
  return program
}
